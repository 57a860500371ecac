using System.Collections.Concurrent;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>The native reader, writing down which row groups of which files are read.</summary>
internal sealed class RecordingFormat : IParquetFormat
{
    public ConcurrentBag<string> Reads { get; } = [];

    public string Name => "recording";

    public async ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, CancellationToken cancellationToken) =>
        new RecordingFile(await ParquetSharpFormat.Instance.OpenAsync(store, path, cancellationToken), Reads);

    private sealed class RecordingFile(IParquetFile inner, ConcurrentBag<string> reads) : IParquetFile
    {
        public string Path => inner.Path;

        public ParquetFooter Footer => inner.Footer;

        public Schema Schema => inner.Schema;

        public IAsyncEnumerable<ParquetBatch> ReadAsync(ParquetReadRequest request, CancellationToken cancellationToken)
        {
            reads.Add($"{Path.Split('/')[^1].Split('_')[0]}: {(request.RowGroups is null ? "all" : string.Join(",", request.RowGroups))}");
            return inner.ReadAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
