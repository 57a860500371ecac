using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What is known of a row group of a slice: what the footer says, and for columns that the file lacks the one value that the path gives.</summary>
/// <param name="file">The base file.</param>
/// <param name="instant">The write that it is of.</param>
/// <param name="rowGroup">The row group.</param>
/// <param name="read">The columns read.</param>
/// <param name="partition">Arrays of one row, by name.</param>
internal sealed class SliceStatistics(IParquetFile file, string instant, int rowGroup, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition) : IColumnStatistics
{
    private readonly EvolvedStatistics stored =
        new(new RowGroupStatistics(file.Footer, rowGroup), file.Schema, read.Columns, read.Table.Evolution?.NamesAt(instant));

    // The file's own column comes first: with some key generators the path holds another form of it.
    public ColumnRange? Find(string column) =>
        partition.TryGetValue(column, out var value) && !file.Footer.Root.Children.Exists(c => c.Name == column) ? ColumnRange.Constant(value) : stored.Find(column);
}
