using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Parquet read by ParquetSharp (Arrow C++): the default reader.</summary>
internal sealed class ParquetSharpFormat : IParquetFormat
{
    public static readonly ParquetSharpFormat Instance = new();

    public string Name => "native";

    public ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, CancellationToken cancellationToken) => OpenAsync(store, path, null, cancellationToken);

    // On a local disk the length is looked up for next to nothing, and what was said of it need not be believed.
    public ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken) =>
        OpenAsync(store, path, length > 0 && store.GetLocalPath(path) is null ? length : default(long?), cancellationToken);

    private static async ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, long? known, CancellationToken cancellationToken)
    {
        bool isRemote = store.GetLocalPath(path) is null;
        var (footer, tail, length) = await ParquetFooter.ReadTailAsync(store, path, known, isRemote ? ParquetFooter.RemoteTailRead : ParquetFooter.FirstTailRead, cancellationToken);
        return new ParquetSharpFile(store, path, footer, length) { Tail = isRemote ? tail : default };
    }
}
