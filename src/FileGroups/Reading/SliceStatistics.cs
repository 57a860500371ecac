using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What is known of a row group of a slice: what the footer says, and for columns that the file lacks the one value that the path gives.</summary>
internal sealed class SliceStatistics(ParquetFooter footer, int rowGroup, IReadOnlyDictionary<string, IArrowArray> partition) : IColumnStatistics
{
    private readonly RowGroupStatistics stored = new(footer, rowGroup);

    // The file's own column comes first: with some key generators the path holds another form of it.
    public ColumnRange? Find(string column) =>
        partition.TryGetValue(column, out var value) && !footer.Root.Children.Exists(c => c.Name == column) ? ColumnRange.Constant(value) : stored.Find(column);
}
