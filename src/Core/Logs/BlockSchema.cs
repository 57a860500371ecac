using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The schema that a block's records were written with, meta columns included, and how its columns become those wanted.</summary>
internal sealed class BlockSchema(string json)
{
    private readonly Lazy<TableSchema> _table = new(() => TableSchema.FromAvro(json));

    public AvroType Root { get; } = AvroTypeParser.Parse(AvroTypeParser.Json(json));

    /// <summary>The data columns.</summary>
    public TableSchema Table => _table.Value;

    /// <summary>From this schema to the columns wanted. Columns that are not wanted need have no Arrow form.</summary>
    public SchemaProjection ProjectTo(Schema wanted, TableSchema table, string path)
    {
        var names = wanted.FieldsList.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return SchemaProjection.Create(AvroRowReader.SchemaOf(Root, Root.Fields.Select(f => f.Name).Where(names.Contains)), wanted, table, path);
    }
}
