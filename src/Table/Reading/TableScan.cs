using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>Streams the rows of a plan, in the order of its slices; the next slices are read ahead by worker threads, a few batches each.</summary>
internal static class TableScan
{
    private const int BatchesAhead = 2;

    /// <summary>Bytes of logs from which on a scan gives memory back when it ends: of a small one there is not much, and the call takes milliseconds.</summary>
    private const long LargeMerge = 8 << 20;

    public static async IAsyncEnumerable<RecordBatch> ReadAsync(ScanPlan plan, LakehouseOptions resources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        plan = WithMerging(plan, resources);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<(Task Work, Channel<RecordBatch> Batches)>();
        var next = 0;
        var left = plan.Limit ?? long.MaxValue;
        try
        {
            while (left > 0)
            {
                while (ahead.Count < resources.Threads && next < plan.Slices.Count)
                {
                    var slice = plan.Slices[next++];
                    var channel = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
                    ahead.Enqueue((Task.Run(() => ReadSliceAsync(plan, resources, slice, channel.Writer, stop.Token), CancellationToken.None), channel));
                }

                if (!ahead.TryPeek(out var first))
                {
                    yield break;
                }

                while (left > 0 && await first.Batches.Reader.WaitToReadAsync(cancellationToken))
                {
                    while (left > 0 && first.Batches.Reader.TryRead(out var batch))
                    {
                        if (batch.Length > left)
                        {
                            using var whole = batch;
                            batch = Kernels.Take(whole, Enumerable.Range(0, (int)left).ToArray());
                        }

                        left -= batch.Length;
                        yield return batch;
                    }
                }

                if (left > 0)
                {
                    await first.Work;
                    ahead.Dequeue();
                }
            }
        }
        finally
        {
            // Also when the caller stops early: nobody reads on in the background, and nothing stays in memory.
            await stop.CancelAsync();
            foreach (var (work, batches) in ahead)
            {
                await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                while (batches.Reader.TryRead(out var unread))
                {
                    unread.Dispose();
                }
            }

            if (plan.Slices.Sum(s => s.Logs.Sum(l => l.Length)) >= LargeMerge)
            {
                NativeHeap.Trim();
            }
        }
    }

    // Each slice under way has its share of the memory; where there are more threads than slices, a quarter of it is for rows of the base file that are read while the logs are merged.
    public static ScanPlan WithMerging(ScanPlan plan, LakehouseOptions resources)
    {
        if (plan.Slices.All(s => s.Logs.Count == 0))
        {
            return plan;
        }

        var share = Math.Max(1, resources.MemoryBudget / Math.Min(resources.Threads, plan.Slices.Count));
        var ahead = plan.Slices.Count < resources.Threads ? share / 4 : 0;
        var merging = new MergeSettings(MergeRule.Create(plan.State.Config, mergers: resources.RecordMergers), Math.Max(1, share - ahead), resources.SpillFolder) { Keys = StoredKeys.Of(plan.State.Config, plan.Read.Table) };
        return plan with { Read = plan.Read with { Merging = merging, AheadBytes = ahead } };
    }

    private static async Task ReadSliceAsync(ScanPlan plan, LakehouseOptions resources, FileSlice slice, ChannelWriter<RecordBatch> output, CancellationToken cancellationToken)
    {
        try
        {
            var format = ParquetFormats.Of(resources.ParquetReader);
            await foreach (var batch in FileSliceReader.ReadAsync(plan.State.Store, format, slice, plan.Read, plan.Partitions.Of(slice.PartitionPath), cancellationToken))
            {
                if (Filter(plan, batch) is { } rows)
                {
                    await output.WriteAsync(ShowPath(plan, slice, rows), cancellationToken);
                }
            }

            output.Complete();
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            var placed = new LakehouseException(e.Kind, e.Problem, e.Table, slice.Base?.Path, e.Instant, e.Remedy, e);
            output.Complete(placed);
            throw placed;
        }
        catch (Exception e)
        {
            output.Complete(e);
            throw;
        }
    }

    // The rows wanted, with the columns wanted; null when there are none. Takes the batch over.
    private static RecordBatch? Filter(ScanPlan plan, RecordBatch batch)
    {
        BooleanArray? mask = null;
        if (plan.Commits is { } commits)
        {
            mask = commits.Select(batch);
        }

        if (plan.Where is { } where)
        {
            var chosen = where.Select(batch);
            mask = mask is null ? chosen : And(mask, chosen);
        }

        var columns = plan.Output.FieldsList.Count;
        if (mask is null)
        {
            return batch;
        }

        using (batch)
        {
            var count = 0;
            for (var i = 0; i < mask.Length; i++)
            {
                count += mask.GetValue(i) == true ? 1 : 0;
            }

            var output = new RecordBatch(plan.Output, batch.Arrays.Take(columns), batch.Length);
            return count == 0 ? null : Kernels.Filter(output, mask);
        }
    }

    private static RecordBatch ShowPath(ScanPlan plan, FileSlice slice, RecordBatch rows)
    {
        if (plan.EncodedColumns.Count == 0)
        {
            return rows;
        }

        var columns = rows.Arrays.ToArray();
        var segments = slice.PartitionPath.Split('/');
        foreach (var (column, segment) in plan.EncodedColumns)
        {
            var text = segments[segment];
            var name = plan.Output.FieldsList[column].Name + "=";
            columns[column].Dispose();
            columns[column] = Kernels.ConstantString(text.StartsWith(name, StringComparison.Ordinal) ? text[name.Length..] : text, rows.Length);
        }

        return new RecordBatch(rows.Schema, columns, rows.Length);
    }

    private static BooleanArray And(BooleanArray a, BooleanArray b)
    {
        var both = new BooleanArray.Builder();
        for (var i = 0; i < a.Length; i++)
        {
            both.Append(a.GetValue(i) == true && b.GetValue(i) == true);
        }

        return both.Build();
    }
}
