using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Rows of one key in the input made one row, column by column, where a table asks for partial updates (HoodieWriteHelper.deduplicateRecords).</summary>
internal static class FilledDuplicates
{
    /// <summary>The unit with one row a key; the unit itself where whole rows are merged, or no key comes twice.</summary>
    public static IReadOnlyList<StagedBatch> Run(IReadOnlyList<StagedBatch> unit, WritePlan plan)
    {
        if (plan.KeyDeletes || !plan.Combines || plan.Duplicates.KeepsWholeRows)
        {
            return unit;
        }

        var merged = RowsByPartition.Of(unit).Select(p => (Partition: p.Key, Rows: Merge(unit, p.Value, plan))).ToList();
        return merged.Sum(m => m.Rows.Count) == unit.Sum(b => b.Length) ? unit : [.. merged.SelectMany(m => Gather(m.Rows, m.Partition))];
    }

    // The batches belong to the unit: the table of them is not disposed.
    private static LogTable Merge(IReadOnlyList<StagedBatch> unit, int[]?[] rows, WritePlan plan)
    {
        var table = new LogTable(new LogMergeContext(plan.Duplicates, plan.Schema, plan.Schema.Arrow, plan.StagingMemory, plan.Resources.SpillFolder));
        for (var b = 0; b < unit.Count; b++)
        {
            if (rows[b] is { } chosen)
            {
                var all = chosen.Length == unit[b].Length;
                table.Add(new LogSource(
                    all ? unit[b].Keys : (StringArray)Kernels.Take(unit[b].Keys, chosen), all ? unit[b].Data : Kernels.Take(unit[b].Data, chosen), new LogShape(false, plan.Duplicates.Fill), plan.Duplicates));
            }
        }

        return table;
    }

    private static IEnumerable<StagedBatch> Gather(LogTable table, int partition)
    {
        foreach (var keys in Enumerable.Range(0, table.Count).Chunk(WritePlan.BatchRows))
        {
            var places = new RowPlaces();
            foreach (var key in keys)
            {
                if (table.IsDelete(key))
                {
                    // Its ordering value and its mark go on, and nothing fills it.
                    places.Begin(table.Place(key), -1);
                }
                else
                {
                    table.CopyTo(key, places);
                }
            }

            var partitions = new int[keys.Length];
            System.Array.Fill(partitions, partition);
            yield return new StagedBatch(table.Gather(places, null), table.KeysOf(keys), partitions, []);
        }
    }
}
