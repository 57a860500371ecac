using System.Collections.Concurrent;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>One file opened as often as there are threads reading it: an open file serves one thread at a time.</summary>
internal sealed class ParquetFilePool(IParquetFormat format, IObjectStore store, string path, long length) : IAsyncDisposable
{
    private readonly ConcurrentBag<IParquetFile> free = [];

    public async ValueTask<IParquetFile> RentAsync(CancellationToken cancellationToken) => free.TryTake(out var file) ? file : await format.OpenAsync(store, path, length, cancellationToken);

    public void Return(IParquetFile file) => free.Add(file);

    public async ValueTask DisposeAsync()
    {
        while (free.TryTake(out var file))
        {
            await file.DisposeAsync();
        }
    }
}
