using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Writes routed rows target by target: each changed file group is merged, or logged to where a table is merge-on-read and none of its rows are new or the index finds rows in logs; new rows go to new file groups. Targets with few rows are worked on side by side; one whose rows would
/// not fit in memory streams on its own.
/// </summary>
internal sealed class FileGroupsWriter(BaseFileContext context, WritePlan plan, WriteTargets targets)
{
    private readonly List<WrittenFile> written = [];
    private readonly Queue<(Task<IReadOnlyList<WrittenFile>> Work, long Bytes)> underWay = new();
    private long bytesUnderWay;

    public async Task<IReadOnlyList<WrittenFile>> WriteAsync(IEnumerable<StagedBatch> rows, CancellationToken cancellationToken)
    {
        using var batches = new TargetReader(rows);
        try
        {
            while (batches.NextTarget() is { } ordinal)
            {
                var target = targets[ordinal];
                var held = new List<StagedBatch>();
                var bytes = 0L;
                while (bytes <= plan.RowGroupMemory && batches.NextOf(ordinal) is { } batch)
                {
                    held.Add(batch);
                    bytes += ArrowSize.Bytes(batch.Data) + ArrowSize.Bytes(batch.Keys);
                }

                if (batches.HasMoreOf(ordinal))
                {
                    written.AddRange(await WriteTargetAsync(target, held.Concat(batches.RestOf(ordinal)), cancellationToken));
                    continue;
                }

                while (underWay.Count > 0 && (underWay.Count >= MostUnderWay || bytesUnderWay + bytes > plan.RoutingMemory))
                {
                    await TakeFirstAsync();
                }

                bytesUnderWay += bytes;
                underWay.Enqueue((Task.Run(() => WriteTargetAsync(target, held, cancellationToken), cancellationToken), bytes));
            }

            while (underWay.Count > 0)
            {
                await TakeFirstAsync();
            }

            return written;
        }
        catch
        {
            // Nothing of this write may still be running when it is rolled back.
            foreach (var (work, _) in underWay)
            {
                await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw;
        }
    }

    // A thread that waits for the storage leaves its processor to another; where one is asked for, all goes in its order.
    private int MostUnderWay => plan.Resources.Threads == 1 ? 1 : 2 * plan.Resources.Threads;

    private async Task TakeFirstAsync()
    {
        var (work, bytes) = underWay.Dequeue();
        bytesUnderWay -= bytes;
        written.AddRange(await work);
    }

    private async Task<IReadOnlyList<WrittenFile>> WriteTargetAsync(WriteTarget target, IEnumerable<StagedBatch> rows, CancellationToken cancellationToken)
    {
        if (target.Slice is { } slice)
        {
            if (plan.Logs && (target.Inserts == 0 || target.LogsAll))
            {
                if (slice.Base is null && slice.Logs.Count == 0)
                {
                    // A bucket that begins with a log may be the first file of its partition.
                    await context.Partitions.EnsureAsync(target.PartitionPath, cancellationToken);
                }

                return await LogAppend.RunAsync(context, slice, rows.Select(ToIncoming), plan.Rule, plan.KeyDeletes, cancellationToken);
            }

            return [await BaseFileMerge.RunAsync(context, slice, rows.Select(ToIncoming), plan.Rule.Rewriting, plan.KeyDeletes, target.Inserts, cancellationToken)];
        }

        await using var writer = new NewFilesWriter(context, target.PartitionPath, target.NewFileGroup);
        foreach (var batch in rows)
        {
            await writer.AddAsync(ToIncoming(batch), ArrowSize.Bytes(batch.Data), cancellationToken);
        }

        return await writer.FinishAsync(cancellationToken);
    }

    private static IncomingRows ToIncoming(StagedBatch batch)
    {
        var positions = new long[batch.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = RowOrder.IsInsert(batch.Order[i]) ? IncomingRows.Insert : RowOrder.Position(batch.Order[i]);
        }

        return new IncomingRows(batch.Data, batch.Keys, positions) { Deleted = batch.Order.Any(RowOrder.IsGone) ? [.. batch.Order.Select(RowOrder.IsGone)] : null };
    }
}
