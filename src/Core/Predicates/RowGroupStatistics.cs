using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>
/// The statistics of one row group as its Parquet footer has them. Only the newer bounds are used (min_value, max_value: those of texts in the older ones are ordered by signed
/// bytes), and of texts and bytes only where the writer is not known to get them wrong.
/// </summary>
internal sealed class RowGroupStatistics(ParquetFooter footer, int rowGroup) : IColumnStatistics
{
    private readonly bool _distrusted = StatisticsTrust.IsDistrusted(footer.CreatedBy) || footer.ColumnOrders is null;

    public ColumnRange? Find(string column)
    {
        // A list's or map's leaf has statistics of its elements, not of rows.
        var leaf = footer.Root.Leaves.Where(l => l.MaxRepetition == 0 && l.DottedPath == column).MinBy(l => l.Path.Length);
        var group = footer.RowGroups[rowGroup];
        if (leaf is null || leaf.FirstLeaf >= group.Columns.Count)
        {
            return null;
        }

        var chunk = group.Columns[leaf.FirstLeaf];
        if (chunk.Statistics is not { } statistics)
        {
            return null;
        }

        var bytes = chunk.Type is ParquetType.ByteArray or ParquetType.FixedLenByteArray;
        var nulls = statistics.NullCount is >= 0 and var n && n <= group.NumRows ? statistics.NullCount : null;
        if ((bytes && _distrusted) || chunk.Type == ParquetType.Int96)
        {
            return new ColumnRange(null, null, group.NumRows, nulls);
        }

        var type = ParquetToArrow.Field(leaf, footer.Path).DataType;
        StatisticValue? Value(ReadOnlyMemory<byte>? plain) => plain is { } value ? StatisticValue.FromPlain(type, value, bytes) : null;
        return new ColumnRange(Value(statistics.MinValue), Value(statistics.MaxValue), group.NumRows, nulls);
    }
}
