using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Writing;

/// <summary>The rows of one partition merged key by key (HoodieWriteHelper.deduplicateRecords): for each distinct key the row that stays.</summary>
internal sealed class KeyMerge
{
    private readonly MergeRows?[] merge;
    private readonly IReadOnlyList<StagedBatch> unit;

    private KeyMerge(IReadOnlyList<StagedBatch> unit, KeyMap keys, int[] batch, int[] row, MergeRows?[] merge)
    {
        this.unit = unit;
        Keys = keys;
        Batch = batch;
        Row = row;
        this.merge = merge;
    }

    public KeyMap Keys { get; }

    /// <summary>By key number: the batch of the row that stays.</summary>
    public int[] Batch { get; }

    /// <summary>By key number: the row that stays.</summary>
    public int[] Row { get; }

    /// <summary>Whether the key is to be deleted, whatever is stored under it.</summary>
    public bool IsGone(int key) => unit[Batch[key]].IsGone(Row[key]);

    public bool IsDelete(int key) => IsGone(key) || merge[Batch[key]] is { HasDeletes: true } rows && rows.IsDelete(Row[key]);

    /// <param name="unit">Staged rows.</param>
    /// <param name="rows">The rows of each batch that take part; null: none of it.</param>
    /// <param name="plan">The merge rule.</param>
    public static KeyMerge Run(IReadOnlyList<StagedBatch> unit, int[]?[] rows, WritePlan plan)
    {
        var total = rows.Sum(r => r?.Length ?? 0);
        var keys = new KeyMap(total);
        var batches = new int[total];
        var winners = new int[total];
        var merge = new MergeRows?[unit.Count];
        var numbers = new int[unit.Max(b => b.Length)];
        for (var b = 0; b < unit.Count; b++)
        {
            if (rows[b] is not { } chosen)
            {
                continue;
            }

            var batch = unit[b];
            merge[b] = plan.KeyDeletes ? MergeRows.KeyDeletes : plan.Duplicates.Bind(batch.Data, requireOrdering: false);
            var column = chosen.Length == batch.Length ? batch.Keys : (StringArray)Kernels.Take(batch.Keys, chosen);
            var known = keys.Count;
            keys.AddAll(column, numbers);
            for (var i = 0; i < chosen.Length; i++)
            {
                var key = numbers[i];
                if (key >= known)
                {
                    // Numbers are given in order of appearance.
                    known = key + 1;
                    batches[key] = b;
                    winners[key] = chosen[i];
                }
                else if (plan.Duplicates.Replaces(merge[b]!, chosen[i], merge[batches[key]]!, winners[key]))
                {
                    batches[key] = b;
                    winners[key] = chosen[i];
                }
            }
        }

        return new KeyMerge(unit, keys, batches.AsSpan(0, keys.Count).ToArray(), winners.AsSpan(0, keys.Count).ToArray(), merge);
    }
}
