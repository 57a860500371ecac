using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What a footer says of a row group's columns; for columns that the path gives, their one value.</summary>
internal sealed class RowGroupStatistics(IParquetFile file, int rowGroup, IReadOnlyDictionary<string, IArrowArray> partition) : IColumnStatistics
{
    public ColumnRange? Find(string column)
    {
        // The file's own column comes first: with some key generators the path holds another form of it.
        if (file.Footer.Root.Children.Find(c => c.Name == column) is not { } node)
        {
            return partition.TryGetValue(column, out var value) ? ColumnRange.Constant(value) : null;
        }

        var chunk = node.IsLeaf ? file.Footer.RowGroups[rowGroup].Columns[node.FirstLeaf] : null;
        if (chunk?.Statistics is not { } statistics || file.Schema.GetFieldByName(column) is not { } field)
        {
            return null;
        }

        var text = node.Element.Type is ParquetType.ByteArray or ParquetType.FixedLenByteArray;
        var trusted = !text || !StatisticsTrust.IsDistrusted(file.Footer.CreatedBy);
        StatisticValue? Value(ReadOnlyMemory<byte>? bound) => trusted && bound is { } bytes ? StatisticValue.FromPlain(field.DataType, bytes, text) : null;
        return new ColumnRange(Value(statistics.MinValue), Value(statistics.MaxValue), file.Footer.RowGroups[rowGroup].NumRows, statistics.NullCount);
    }
}
