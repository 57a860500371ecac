using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Services;

/// <summary>Writes rows to new files, sorted first where there are sort keys.</summary>
internal sealed class ClusteredWriter(NewFilesWriter writer, SortKeys? keys, SliceRead read, long memory, string? spillFolder) : IAsyncDisposable
{
    private readonly SortedRows sorted = new(memory, spillFolder, ClusteringSettings.BatchRows);

    public async ValueTask AddAsync(RecordBatch rows, CancellationToken cancellationToken)
    {
        if (keys is null)
        {
            await WriteAsync(rows, cancellationToken);
        }
        else
        {
            sorted.Add(rows, keys.Of(rows));
        }
    }

    public async ValueTask<IReadOnlyList<WrittenFile>> FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var rows in sorted.Read())
        {
            await WriteAsync(rows, cancellationToken);
        }

        return await writer.FinishAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        sorted.Dispose();
    }

    private ValueTask WriteAsync(RecordBatch rows, CancellationToken cancellationToken) =>
        writer.AddAsync(IncomingRows.Stored(rows, read.Merging!.KeysOf(rows)), ArrowSize.Bytes(rows), cancellationToken);
}
