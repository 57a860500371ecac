using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas.Evolution;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// The columns of a table in both forms that the engine needs: Avro, which Hudi stores (names, docs, defaults, order, unions), and Arrow, in which rows travel.
/// Holds the data columns only; the five meta columns are added by <see cref="ToAvroJson"/> and <see cref="ArrowWithMeta"/>.
/// The schema's JSON is kept as it was given, so that nothing in it is lost when it is written again.
/// </summary>
internal sealed class TableSchema
{
    private readonly JsonElement _source;
    private readonly Lazy<string> _json;
    private readonly Lazy<string> _jsonWithMeta;
    private readonly Lazy<Schema> _arrowWithMeta;

    private TableSchema(JsonElement json)
    {
        _source = json;
        Root = AvroTypeParser.Parse(json);
        if (Root.Kind != AvroKind.Record)
        {
            throw AvroTypeParser.Bad(string.Empty, "is not a record");
        }

        Arrow = AvroToArrow.Convert(Root);
        _json = new(() => JsonSerializer.Serialize(json, TableSchemaJson.Options));
        _jsonWithMeta = new(() => TableSchemaJson.WithMetaColumns(json));
        _arrowWithMeta = new(() => new Schema([.. MetaColumns.Names.Select(name => new Field(name, Apache.Arrow.Types.StringType.Default, true)), .. Arrow.FieldsList], null));
    }

    /// <summary>The Avro record as the engine's own tree, without meta columns.</summary>
    public AvroType Root { get; }

    /// <summary>The Arrow form, same order: without meta columns.</summary>
    public Schema Arrow { get; }

    /// <summary>The Arrow form with the five meta columns (nullable strings) in front: a base file's columns.</summary>
    public Schema ArrowWithMeta => _arrowWithMeta.Value;

    /// <summary>Schema-on-read evolution: which columns of older files these are. Null: files are read by name.</summary>
    public SchemaEvolution? Evolution { get; private init; }

    /// <summary>Of columns that a write is about to give the table: those that it has. Null: the table has these.</summary>
    public TableSchema? Basis { get; private init; }

    /// <summary>The same columns, with what tells them in older files.</summary>
    public TableSchema With(SchemaEvolution evolution) => new(_source) { Evolution = evolution, Basis = Basis };

    /// <summary>The same columns, as those that a write gives a table in place of others.</summary>
    public TableSchema InPlaceOf(TableSchema basis) => new(_source) { Evolution = Evolution, Basis = basis };

    /// <summary>Reads the Avro schema of a commit, of hoodie.properties or of a Parquet footer. The meta columns, if it has them, are left out.</summary>
    /// <exception cref="LakehouseException">Corrupt: not an Avro record schema. Unsupported: a union or logical type that the engine has no form for, named with its column.</exception>
    public static TableSchema FromAvro(string json) => new(TableSchemaJson.WithoutMetaColumns(AvroTypeParser.Json(json)));

    /// <summary>The schema that Hudi gives a DataFrame of these columns. Meta columns, if there, are left out.</summary>
    /// <param name="tableName">The record is called <c>hoodie.&lt;table&gt;.&lt;table&gt;_record</c>.</param>
    /// <exception cref="LakehouseException">InvalidInput: no Avro form for a type, or a bad or repeated name.</exception>
    public static TableSchema FromArrow(Schema schema, string tableName) => FromJson(ArrowToAvro.Convert(schema, tableName));

    /// <summary>The schema of a Parquet file that carries no Avro schema. Meta columns, if there, are left out.</summary>
    /// <exception cref="LakehouseException">Unsupported: a column that has no Avro form, named.</exception>
    public static TableSchema FromParquet(ParquetNode message) => FromJson(ParquetToAvro.Convert(message));

    /// <summary>The schema of a column list as in Spark's CREATE TABLE: <c>id string not null, tags array&lt;string&gt; comment 'free text'</c>. Names may be back-quoted.</summary>
    /// <exception cref="LakehouseException">InvalidInput: names the place in the text.</exception>
    public static TableSchema FromDdl(string ddl, string tableName) => FromArrow(DdlParser.Parse(ddl), tableName);

    /// <summary>The columns as a list that <see cref="FromDdl"/> reads, one a line.</summary>
    public string ToDdl() => DdlText.Of(Root);

    /// <summary>The Avro JSON, data columns only or with the five meta columns in front as Hudi writes them.</summary>
    public string ToAvroJson(bool withMetaColumns) => withMetaColumns ? _jsonWithMeta.Value : _json.Value;

    internal static TableSchema FromJson(JsonNode json) => FromAvro(json.ToJsonString(TableSchemaJson.Options));
}
