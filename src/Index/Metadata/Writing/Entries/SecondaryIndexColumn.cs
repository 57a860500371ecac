using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// The column of a secondary index, and its values as the index spells them (SecondaryIndexRecordGenerationUtils): Java's text of what is stored, so that a date is its day and a timestamp its number
/// since the epoch.
/// </summary>
internal static class SecondaryIndexColumn
{
    /// <summary>Whether entries of the column can be made: it is a top-level one of a type that Hudi indexes. 1.0 also took booleans and decimals.</summary>
    public static bool IsSupported(TableSchema schema, IndexDefinition definition) =>
        definition is { Type: MetadataPartitions.SecondaryIndexType, Function: "identity" or "", SourceFields: [var column] } && TypeOf(schema, column) is { } type && IsSupported(type);

    /// <summary>Refuses what Hudi 1.2 makes no index of, and what is not supported here.</summary>
    public static void Require(TableSchema schema, string column, string root)
    {
        var type = TypeOf(schema, column) ?? throw new LakehouseException(
            LakehouseErrorKind.InvalidInput, $"The column '{column}' of the secondary index is not in the schema", root, remedy: $"Name one of {string.Join(", ", schema.Arrow.FieldsList.Select(f => f.Name))}");
        if (!IsSupported(type) || type is BooleanType or Decimal128Type or Decimal256Type)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Hudi has no secondary index of columns of the type {type.Name}, such as '{column}'", root, remedy: "Index a column of texts, numbers, dates or timestamps");
        }
    }

    /// <summary>The entries of rows: the value and the record key.</summary>
    public static StringArray Entries(StringArray keys, RecordBatch rows, string column)
    {
        var array = rows.Column(column);
        var values = array is Date32Array dates ? new Days(dates) : ValueText.Of(array, column, timestampsAsText: false);
        var entries = new StringArray.Builder().Reserve(keys.Length);
        for (int row = 0; row < keys.Length; row++)
        {
            entries.Append(SecondaryKeys.Make(array.IsNull(row) ? null : System.Text.Encoding.UTF8.GetString(values.Get(row)), keys.GetString(row)));
        }

        return entries.Build();
    }

    private static IArrowType? TypeOf(TableSchema schema, string column) => schema.Arrow.FieldsList.FirstOrDefault(f => f.Name == column)?.DataType;

    private static bool IsSupported(IArrowType type) =>
        type is StringType or Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType or Date32Type or TimestampType or BooleanType or Decimal128Type or Decimal256Type;

    private sealed class Days(Date32Array array) : ValueText
    {
        public override ReadOnlySpan<byte> Get(int row)
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(array.Values[row], Scratch, out int written);
            return Scratch.AsSpan(0, written);
        }
    }
}
