using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Writes rows to new file groups as they come, a writer for each partition. Rows wait in memory until they make a row group; past the memory option the partition with the most
/// gets a smaller one. Sorted, they are brought in order first (an external merge sort) and written partition by partition.
/// </summary>
internal sealed class BulkInsertWriter(BaseFileContext context, WritePlan plan, BulkInsertSort sort, string? spillFolder)
{
    // Each open file holds a descriptor and its footer so far.
    private const int MaxOpen = 128;
    private readonly Dictionary<int, NewFilesWriter> writers = [];
    private readonly List<WrittenFile> written = [];

    public async Task<IReadOnlyList<WrittenFile>> WriteAsync(IAsyncEnumerable<StagedBatch> rows, CancellationToken cancellationToken)
    {
        context.FreeIdleSlot = FreeIdleSlotAsync;
        try
        {
            if (sort == BulkInsertSort.Global)
            {
                await WriteSortedAsync(rows, cancellationToken);
            }
            else
            {
                await foreach (var batch in rows.WithCancellation(cancellationToken))
                {
                    await AddAsync(batch, cancellationToken);
                }
            }

            foreach (var partition in writers.Keys.Order().ToList())
            {
                await FinishAsync(partition, cancellationToken);
            }

            return written;
        }
        finally
        {
            foreach (var writer in writers.Values)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private async Task WriteSortedAsync(IAsyncEnumerable<StagedBatch> rows, CancellationToken cancellationToken)
    {
        using var sorted = new RoutedRows(new KeyOrder(plan.Partitions), plan.StagingMemory, spillFolder, WritePlan.BatchRows);
        await foreach (var batch in rows.WithCancellation(cancellationToken))
        {
            sorted.Add(batch);
        }

        var last = -1;
        foreach (var batch in sorted.Read())
        {
            if (last >= 0 && batch.Partitions[0] != last)
            {
                await FinishAsync(last, cancellationToken);
            }

            last = batch.Partitions[0];
            await AddToAsync(last, batch, cancellationToken);
        }
    }

    private async ValueTask AddAsync(StagedBatch batch, CancellationToken cancellationToken)
    {
        var first = batch.Partitions[0];
        if (!batch.Partitions.AsSpan().ContainsAnyExcept(first))
        {
            await AddToAsync(first, batch, cancellationToken);
            return;
        }

        foreach (var (partition, rows) in RowsByPartition.Of(batch.Partitions))
        {
            await AddToAsync(
                partition, new StagedBatch(Kernels.Take(batch.Data, rows), (Apache.Arrow.StringArray)Kernels.Take(batch.Keys, rows), [], []), cancellationToken);
        }
    }

    private async ValueTask AddToAsync(int partition, StagedBatch batch, CancellationToken cancellationToken)
    {
        if (!writers.TryGetValue(partition, out var writer))
        {
            if (writers.Count == MaxOpen)
            {
                await FinishAsync(writers.MaxBy(w => w.Value.PendingRows).Key, cancellationToken);
            }

            writers.Add(partition, writer = new NewFilesWriter(context, plan.Partitions[partition]));
        }

        await writer.AddAsync(new IncomingRows(batch.Data, batch.Keys, []), ArrowSize.Bytes(batch.Data) + ArrowSize.Bytes(batch.Keys), cancellationToken);
        while (writers.Count > 1 && writers.Values.Sum(w => w.PendingBytes) > plan.StagingMemory)
        {
            await writers.Values.MaxBy(w => w.PendingBytes)!.FlushAsync(cancellationToken);
        }
    }

    private async ValueTask<bool> FreeIdleSlotAsync(CancellationToken cancellationToken)
    {
        foreach (var writer in writers.Values)
        {
            if (await writer.AppendOneAsync(cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask FinishAsync(int partition, CancellationToken cancellationToken)
    {
        if (writers.Remove(partition, out var writer))
        {
            await using (writer)
            {
                written.AddRange(await writer.FinishAsync(cancellationToken));
            }
        }
    }
}
