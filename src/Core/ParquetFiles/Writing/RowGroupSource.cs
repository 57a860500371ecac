using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>A row group of an existing file, to copy from.</summary>
/// <param name="Footer">The file's footer.</param>
/// <param name="RowGroup">Which of its row groups.</param>
internal readonly record struct RowGroupSource(IObjectStore Store, string Path, ParquetFooter Footer, int RowGroup)
{
    public RowGroupMetadata Metadata => Footer.RowGroups[RowGroup];
}
