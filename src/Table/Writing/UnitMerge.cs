using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing;

/// <summary>A unit of staged rows without the rows that another of their key replaces, in the order they came.</summary>
internal static class UnitMerge
{
    public static IEnumerable<StagedBatch> Run(IReadOnlyList<StagedBatch> unit, WritePlan plan)
    {
        unit = FilledDuplicates.Run(unit, plan);
        var stays = unit.Select(b => new bool[b.Length]).ToArray();
        foreach (var (_, rows) in plan.Index.KeySpaces(unit))
        {
            var merged = KeyMerge.Run(unit, rows, plan);
            for (var key = 0; key < merged.Keys.Count; key++)
            {
                stays[merged.Batch[key]][merged.Row[key]] = !merged.IsDelete(key);
            }
        }

        for (var b = 0; b < unit.Count; b++)
        {
            var chosen = Enumerable.Range(0, unit[b].Length).Where(i => stays[b][i]).ToArray();
            if (chosen.Length > 0)
            {
                yield return new StagedBatch(
                    Kernels.Take(unit[b].Data, chosen), (StringArray)Kernels.Take(unit[b].Keys, chosen), [.. chosen.Select(i => unit[b].Partitions[i])], []);
            }
        }
    }

    /// <summary>Merges rows of one key among all rows of an input, which is staged for that.</summary>
    public static async IAsyncEnumerable<StagedBatch> RunAsync(
        IAsyncEnumerable<StagedBatch> rows, WritePlan plan, string? spillFolder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var staged = new StagedRows(plan.StagingMemory, spillFolder, plan.Index.IsGlobal);
        await foreach (var batch in rows.WithCancellation(cancellationToken))
        {
            staged.Add(batch);
        }

        foreach (var unit in staged.Units())
        {
            foreach (var batch in Run(unit, plan))
            {
                yield return batch;
            }
        }
    }
}
