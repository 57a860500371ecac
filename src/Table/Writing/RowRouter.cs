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
    private long inserts;

    public WriteTargets Targets => targets;

    /// <summary>Routes one unit of staged rows: all rows of each of its keys.</summary>
    public async ValueTask RouteAsync(IReadOnlyList<StagedBatch> unit, CancellationToken cancellationToken)
    {
        var orders = unit.Select(b => new long[b.Length]).ToArray();
        var again = new List<(int Batch, int Row, long Order)>();
        foreach (var (partition, rows) in RowsByPartition.Of(unit))
        {
            if (plan.Combines)
            {
                await RouteKeysAsync(unit, partition, rows, orders, again, cancellationToken);
            }
            else
            {
                var assigner = await AssignerAsync(partition, cancellationToken);
                foreach (var (batch, row) in Each(rows))
                {
                    orders[batch][row] = NextInsert(assigner);
                }
            }
        }

        for (var b = 0; b < unit.Count; b++)
        {
            routed.Add(unit[b] with { Order = orders[b] });
        }

        // A key that is stored several times: its row is written once for each.
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
        if (plan.Tags)
        {
            foreach (var file in await plan.Index.TagAsync(merged.Keys, await SlicesAsync(partition, cancellationToken), cancellationToken))
            {
                var target = Targets.For(file.Slice);
                for (var i = 0; i < file.Positions.Length; i++)
                {
                    var order = RowOrder.Stored(target.Ordinal, file.Positions[i]);
                    target.Changes++;
                    var key = file.Keys[i];
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
        }

        InsertAssigner? assigner = null;
        foreach (var (batch, row) in Each(rows))
        {
            orders[batch][row] = -1;
        }

        for (var key = 0; key < place.Length; key++)
        {
            if (place[key] < 0)
            {
                if (plan.KeyDeletes || merged.IsDelete(key))
                {
                    continue;
                }

                assigner ??= await AssignerAsync(partition, cancellationToken);
                place[key] = NextInsert(assigner);
            }

            orders[merged.Batch[key]][merged.Row[key]] = place[key];
        }
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
