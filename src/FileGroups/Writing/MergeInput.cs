using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The base file that a merge starts from.</summary>
/// <param name="Store">The table's storage.</param>
/// <param name="Slice">Its slice.</param>
/// <param name="Footer">Its footer.</param>
/// <param name="Files">Open handles of it.</param>
/// <param name="Rule">How rows of one key are merged; null: they have been.</param>
/// <param name="KeyDeletes">The incoming rows are keys to delete.</param>
/// <param name="CanCopy">Its chunks can be copied byte for byte into the new file.</param>
/// <param name="UnchangedColumns">Columns that an update leaves as they are: the record key, and the column that it is taken from.</param>
internal sealed record MergeInput(
    IObjectStore Store, FileSlice Slice, ParquetFooter Footer, ParquetFilePool Files, MergeRule? Rule, bool KeyDeletes, bool CanCopy, IReadOnlyCollection<string> UnchangedColumns)
{
    public RowGroupSource Source(int rowGroup) => new(Store, Slice.Base!.Path, Footer, rowGroup);
}
