using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing.Merging;

/// <summary>Source rows of a merge by their keys, as many as are looked for in one reading of the table.</summary>
internal sealed class MergeUnit
{
    private readonly Dictionary<int, (KeyMap Keys, int[] Rows)> spaces = [];
    private readonly bool[] matched;
    private readonly bool isGlobal;

    /// <param name="unit">The rows, all of one schema.</param>
    /// <param name="index">Says among which rows a key is one.</param>
    /// <exception cref="LakehouseException">InvalidInput: two rows of one key.</exception>
    public MergeUnit(IReadOnlyList<StagedBatch> unit, TableIndex index)
    {
        isGlobal = index.IsGlobal;
        Rows = Kernels.Concat([.. unit.Select(b => b.Data)]);
        matched = new bool[Rows.Length];
        var keys = (StringArray)Kernels.Concat([.. unit.Select(b => (IArrowArray)b.Keys)]);
        foreach (var (partition, rows) in Spaces([.. unit.SelectMany(b => b.Partitions)]))
        {
            var (map, numbers) = (new KeyMap(rows.Length), new int[rows.Length]);
            map.AddAll((StringArray)Kernels.Take(keys, rows), numbers);
            if (map.Count < rows.Length)
            {
                var second = Enumerable.Range(0, rows.Length).First(i => numbers[i] < i && numbers.AsSpan(0, i).Contains(numbers[i]));
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"The source of the merge has two rows of the key '{keys.GetString(rows[second])}': which of them counts is not known", remedy: "Give one row for each key");
            }

            spaces.Add(partition, (map, rows));
        }
    }

    /// <summary>All columns of the source.</summary>
    public RecordBatch Rows { get; }

    /// <summary>The rows whose keys have not been met.</summary>
    public int[] NotMatched => [.. Enumerable.Range(0, matched.Length).Where(i => !matched[i])];

    /// <summary>The stored rows of a batch whose keys the source has, each with the source's row.</summary>
    /// <param name="keys">The stored rows' keys.</param>
    /// <param name="partitions">Their partitions.</param>
    /// <exception cref="LakehouseException">Unsupported: a key that was met before.</exception>
    public (int[] Stored, int[] Source) Match(StringArray keys, int[] partitions)
    {
        var (stored, source) = (new List<int>(), new List<int>());
        foreach (var (partition, rows) in Spaces(partitions))
        {
            if (!spaces.TryGetValue(partition, out var space))
            {
                continue;
            }

            var numbers = new int[rows.Length];
            space.Keys.FindAll((StringArray)Kernels.Take(keys, rows), numbers);
            for (var i = 0; i < rows.Length; i++)
            {
                if (numbers[i] < 0)
                {
                    continue;
                }

                var at = space.Rows[numbers[i]];
                if (matched[at])
                {
                    throw new LakehouseException(
                        LakehouseErrorKind.Unsupported, $"The key '{keys.GetString(rows[i])}' is stored more than once, and a write by key changes all of its rows alike", remedy: "Delete the key's rows and insert one anew, then repeat the merge");
                }

                matched[at] = true;
                stored.Add(rows[i]);
                source.Add(at);
            }
        }

        return ([.. stored], [.. source]);
    }

    private List<(int Partition, int[] Rows)> Spaces(int[] partitions) => isGlobal ? [(-1, [.. Enumerable.Range(0, partitions.Length)])] : RowsByPartition.Of(partitions);
}
