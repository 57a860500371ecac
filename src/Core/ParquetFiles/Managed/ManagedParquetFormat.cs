using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Parquet read without native code, by Parquet.Net: for platforms that ParquetSharp has no library for. Slower by several times, and a row group's chosen columns are in
/// memory as a whole. What Parquet.Net is known to misread is refused by name.
/// </summary>
internal sealed class ManagedParquetFormat : IParquetFormat
{
    public static readonly ManagedParquetFormat Instance = new();

    public string Name => "managed";

    public async ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        var (footer, _, length) = await ParquetFooter.ReadTailAsync(store, path, null, ParquetFooter.FirstTailRead, cancellationToken);
        return new ManagedParquetFile(store, path, footer, length);
    }
}
