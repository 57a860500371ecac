using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Parquet read by ParquetSharp (Arrow C++): the default reader.</summary>
internal sealed class ParquetSharpFormat : IParquetFormat
{
    public static readonly ParquetSharpFormat Instance = new();

    public string Name => "native";

    public async ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, CancellationToken cancellationToken)
    {
        var (footer, _, length) = await ParquetFooter.ReadTailAsync(store, path, null, ParquetFooter.FirstTailRead, cancellationToken);
        return new ParquetSharpFile(store, path, footer, length);
    }
}
