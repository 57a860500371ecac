using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Decides for each staged row where it is written: merges the input's rows of one key, looks up stored ones in the index, gives new ones a file group. Rows that lose, and deletes
/// of keys that are not stored, go no further.
/// </summary>
internal sealed class RowRouter(TableState state, WritePlan plan, RoutedRows routed, WriteTargets targets)
{
    private readonly Dictionary<int, InsertAssigner> assigners = [];
    private readonly Dictionary<int, IReadOnlyList<FileSlice>> slices = [];
    private readonly Dictionary<int, IPartitionBuckets> buckets = [];
    private readonly Dictionary<(int Partition, int Bucket), WriteTarget> bucketTargets = [];
    private IReadOnlyList<FileSlice>? all;
    private long inserts;

    public WriteTargets Targets => targets;

    /// <summary>Deletes that go no further because their keys are not stored.</summary>
    public AbsentDeletes Absent { get; } = new();

    /// <summary>Routes one unit of staged rows: all rows of each of its keys.</summary>
    public async ValueTask RouteAsync(IReadOnlyList<StagedBatch> unit, CancellationToken cancellationToken)
    {
        var orders = unit.Select(b => new long[b.Length]).ToArray();
        var again = new List<(int Batch, int Row, long Order)>();
        if (plan.Combines)
        {
            foreach (var (partition, rows) in plan.Index.KeySpaces(unit))
            {
                await RouteKeysAsync(unit, partition, rows, orders, again, cancellationToken);
            }
        }
        else
        {
            foreach (var (partition, rows) in RowsByPartition.Of(unit))
            {
                foreach (var (batch, row) in Each(rows))
                {
                    orders[batch][row] = await NewRowAsync(partition, unit[batch], row, cancellationToken);
                }
            }
        }

        for (var b = 0; b < unit.Count; b++)
        {
            routed.Add(unit[b] with { Order = orders[b], Gone = null });
        }

        // A key that is stored several times, or moves: its row is written once for each.
        foreach (var group in again.GroupBy(a => a.Batch))
        {
            int[] rows = [.. group.Select(a => a.Row)];
            var batch = unit[group.Key];
            routed.Add(new StagedBatch(
                Kernels.Take(batch.Data, rows),
                (Apache.Arrow.StringArray)Kernels.Take(batch.Keys, rows),
                [.. rows.Select(r => batch.Partitions[r])],
                [.. group.Select(a => a.Order)]));
        }
    }

    private async ValueTask RouteKeysAsync(
        IReadOnlyList<StagedBatch> unit, int partition, int[]?[] rows, long[][] orders, List<(int Batch, int Row, long Order)> again, CancellationToken cancellationToken)
    {
        var merged = KeyMerge.Run(unit, rows, plan);
        var place = new long[merged.Keys.Count];
        System.Array.Fill(place, -1);
        int PartitionOf(int key) => unit[merged.Batch[key]].Partitions[merged.Row[key]];
        var moving = new MovingRows(plan, unit, merged);
        foreach (var file in plan.Tags && !LogsBuckets ? await TagAsync(merged.Keys, partition, cancellationToken) : [])
        {
            for (var i = 0; i < file.Positions.Length; i++)
            {
                var key = file.Keys[i];
                if (plan.Index.Moves && file.Slice.PartitionPath != plan.Partitions[PartitionOf(key)] && !plan.KeyDeletes && !merged.IsDelete(key))
                {
                    moving.Add(file.Slice, key, file.Positions[i]);
                    continue;
                }

                var target = Targets.For(file.Slice);
                var order = RowOrder.Stored(target.Ordinal, file.Positions[i]);
                order = merged.IsGone(key) ? RowOrder.Gone(order) : order;
                target.Changes++;
                if (place[key] < 0)
                {
                    place[key] = order;
                }
                else
                {
                    again.Add((merged.Batch[key], merged.Row[key], order));
                }
            }
        }

        var stay = await moving.StayAsync(cancellationToken);
        foreach (var (slice, key, position) in moving.Leaving(stay))
        {
            var target = Targets.For(slice);
            target.Changes++;
            again.Add((merged.Batch[key], merged.Row[key], RowOrder.Gone(RowOrder.Stored(target.Ordinal, position))));
        }

        foreach (var (batch, row) in Each(rows))
        {
            orders[batch][row] = -1;
        }

        for (var key = 0; key < place.Length; key++)
        {
            if (place[key] < 0 && !stay.Contains(key))
            {
                var isDelete = plan.KeyDeletes || merged.IsDelete(key);
                if (isDelete && !(LogsBuckets && await HasBucketAsync(PartitionOf(key), merged.Keys[key].ToArray(), cancellationToken)))
                {
                    if (state.Client.Locks.HasOtherWriters)
                    {
                        Absent.Add(partition < 0 ? string.Empty : plan.Partitions[partition], merged.Keys[key]);
                    }

                    continue;
                }

                place[key] = await NewRowAsync(PartitionOf(key), unit[merged.Batch[key]], merged.Row[key], cancellationToken);
                place[key] = merged.IsGone(key) ? RowOrder.Gone(place[key]) : place[key];
            }

            orders[merged.Batch[key]][merged.Row[key]] = place[key];
        }
    }

    // A merge-on-read bucket takes whatever comes in its log: readers merge it by key.
    private bool LogsBuckets => plan.Logs && !plan.Overwrites && plan.Index.Buckets is not null;

    // Where a row goes whose key is not stored, or need not be looked for.
    private async ValueTask<long> NewRowAsync(int partition, StagedBatch batch, int row, CancellationToken cancellationToken)
    {
        if (plan.Index.Buckets is null)
        {
            return NextInsert(await AssignerAsync(partition, cancellationToken));
        }

        var known = await BucketsAsync(partition, cancellationToken);
        var bucket = (partition, known.Of(batch.Keys.GetBytes(row)));
        if (!bucketTargets.TryGetValue(bucket, out var target))
        {
            var slice = plan.Overwrites ? null : known.SliceOf(bucket.Item2);

            // Writers that do not block one another begin a bucket with the same id, and all of them log (BucketIdentifier.newBucketFileIdForNBCC).
            target = slice is null && plan.IsNonBlocking && !plan.Overwrites
                ? Targets.For(new FileSlice(plan.Partitions[partition], known.NewFileId(bucket.Item2, Guid.Empty), "null", null, []), logsAll: true)
                : slice is null
                ? Targets.ForNewGroup(plan.Partitions[partition], known.NewFileId(bucket.Item2, plan.Resources.Environment.NewGuid()))
                : Targets.For(slice, logsAll: plan.Logs);
            bucketTargets.Add(bucket, target);
        }

        if (target.LogsAll)
        {
            target.Changes++;
        }
        else
        {
            target.Inserts++;
        }

        return RowOrder.Insert(target.Ordinal, inserts++);
    }

    private async ValueTask<bool> HasBucketAsync(int partition, byte[] key, CancellationToken cancellationToken)
    {
        var known = await BucketsAsync(partition, cancellationToken);
        return known.SliceOf(known.Of(key)) is not null;
    }

    private async ValueTask<IPartitionBuckets> BucketsAsync(int partition, CancellationToken cancellationToken)
    {
        if (!buckets.TryGetValue(partition, out var found))
        {
            found = await plan.Index.Buckets!.OfPartitionAsync(plan.Partitions[partition], await SlicesAsync(partition, cancellationToken), plan.Overwrites, cancellationToken);
            buckets.Add(partition, found);
        }

        return found;
    }

    // The stored rows of keys, in a partition or all.
    private async ValueTask<IReadOnlyList<TaggedFile>> TagAsync(KeyMap keys, int partition, CancellationToken cancellationToken)
    {
        var searched = partition < 0 ? all ??= await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken) : await SlicesAsync(partition, cancellationToken);
        if (plan.Index.Buckets is not null)
        {
            var known = await BucketsAsync(partition, cancellationToken);
            searched = [.. Enumerable.Range(0, keys.Count).Select(key => known.Of(keys[key])).Distinct().Order().Select(known.SliceOf).OfType<FileSlice>()];
        }

        if (searched.FirstOrDefault(s => s.Base is null) is { } logs)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"File group {logs.FileId} in partition '{logs.PartitionPath}' consists of logs alone, in which the index {plan.Index.Files.Name} finds no keys: its rows would be stored twice",
                state.Config.Root,
                logs.Logs[0].Path,
                remedy: "Compact the table first (lakehouse compact)");
        }

        var found = await plan.Index.Files.TagAsync(keys, searched, cancellationToken);
        return plan.Logs && state.Config.PopulateMetaFields ? await LiveKeys.FilterAsync(found, keys, plan.Stored, cancellationToken) : found;
    }

    private long NextInsert(InsertAssigner assigner) => RowOrder.Insert(assigner.Next().Ordinal, inserts++);

    private async ValueTask<InsertAssigner> AssignerAsync(int partition, CancellationToken cancellationToken)
    {
        if (!assigners.TryGetValue(partition, out var assigner))
        {
            assigner = await InsertAssigner.CreateAsync(
                Targets, plan.Partitions[partition], await SlicesAsync(partition, cancellationToken), f => BytesPerRowAsync(f, cancellationToken), plan.Options.SmallFileLimit, plan.Options.MaxFileSize, plan.Logs ? plan.Options.SmallFilesFilled : int.MaxValue);
            assigners.Add(partition, assigner);
        }

        return assigner;
    }

    private async ValueTask<IReadOnlyList<FileSlice>> SlicesAsync(int partition, CancellationToken cancellationToken)
    {
        if (!slices.TryGetValue(partition, out var found))
        {
            found = await state.View.GetSlicesAsync(plan.Partitions[partition], cancellationToken: cancellationToken);
            slices.Add(partition, found);
        }

        return found;
    }

    private async ValueTask<double> BytesPerRowAsync(BaseFile file, CancellationToken cancellationToken)
    {
        var footer = await ParquetFooter.ReadAsync(state.Store, file.Path, file.Length, cancellationToken: cancellationToken);
        var bytes = footer.RowGroups.Sum(g => g.Columns.Sum(c => c.TotalCompressedSize));
        return footer.NumRows == 0 ? 1 : Math.Max(1, (double)bytes / footer.NumRows);
    }

    private static IEnumerable<(int Batch, int Row)> Each(int[]?[] rows)
    {
        for (var b = 0; b < rows.Length; b++)
        {
            foreach (var row in rows[b] ?? [])
            {
                yield return (b, row);
            }
        }
    }
}
