using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Writing;

/// <summary>The rows of batches told apart by partition.</summary>
internal static class RowsByPartition
{
    /// <summary>The partitions of one batch, ascending, each with its rows in their order.</summary>
    /// <param name="partitions">Per row the ordinal of its partition.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static List<(int Partition, int[] Rows)> Of(int[] partitions)
    {
        var most = 0;
        foreach (var partition in partitions)
        {
            most = Math.Max(most, partition);
        }

        var counts = new int[most + 1];
        foreach (var partition in partitions)
        {
            counts[partition]++;
        }

        var rows = new int[most + 1][];
        var found = new List<(int, int[])>();
        for (var partition = 0; partition < counts.Length; partition++)
        {
            if (counts[partition] > 0)
            {
                found.Add((partition, rows[partition] = new int[counts[partition]]));
                counts[partition] = 0;
            }
        }

        for (var row = 0; row < partitions.Length; row++)
        {
            rows[partitions[row]][counts[partitions[row]]++] = row;
        }

        return found;
    }

    /// <summary>The partitions of several batches: for each its rows, batch by batch; null where a batch has none.</summary>
    public static IReadOnlyDictionary<int, int[]?[]> Of(IReadOnlyList<StagedBatch> batches)
    {
        var found = new SortedDictionary<int, int[]?[]>();
        for (var b = 0; b < batches.Count; b++)
        {
            foreach (var (partition, rows) in Of(batches[b].Partitions))
            {
                if (!found.TryGetValue(partition, out var all))
                {
                    found.Add(partition, all = new int[]?[batches.Count]);
                }

                all[b] = rows;
            }
        }

        return found;
    }
}
