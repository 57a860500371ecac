using System.Runtime.InteropServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The records of a log merged key by key, oldest to newest: for each key the place of the record that stays (KeyBasedFileGroupRecordBuffer). Rows are not moved: a key costs about
/// 30 bytes beside the columns.
/// </summary>
internal sealed class LogTable(MergeRule rule, Schema columns) : IDisposable
{
    private readonly List<LogSource> sources = [];
    private readonly KeyMap keys = new();
    private long[] winners = [];
    private int[] numbers = [];
    private long sourceBytes;
    private long records;

    /// <summary>Distinct keys.</summary>
    public int Count => keys.Count;

    public long Bytes => sourceBytes + keys.MemoryBytes + (winners.LongLength * sizeof(long));

    /// <summary>Whether at least half of the records have been replaced by others, so that leaving them out gives memory back.</summary>
    public bool IsMostlyReplaced => Count <= records / 2;

    /// <summary>Merges what a later block says. Owns the source from here on.</summary>
    public void Add(LogSource source)
    {
        long place = (long)sources.Count << 32;
        sources.Add(source);
        sourceBytes += source.Bytes;
        records += source.Length;
        int known = keys.Count;
        if (numbers.Length < source.Length)
        {
            numbers = new int[source.Length];
        }

        keys.AddAll(source.Keys, numbers);
        if (winners.Length < keys.Count)
        {
            System.Array.Resize(ref winners, Math.Max(keys.Count, winners.Length * 2));
        }

        for (int row = 0; row < source.Length; row++)
        {
            int key = numbers[row];
            if (key >= known)
            {
                // Numbers are given in order of appearance.
                known = key + 1;
                winners[key] = place | (uint)row;
                continue;
            }

            var (earlier, earlierRow) = Winner(key);
            if (source.IsDeletes ? rule.DeleteReplaces(source.Merge, row, earlier.Merge, earlierRow) : rule.Replaces(source.Merge, row, earlier.Merge, earlierRow))
            {
                winners[key] = place | (uint)row;
            }
        }
    }

    /// <summary>The number of each row's key, or -1; how many there are.</summary>
    public int FindAll(StringArray column, Span<int> found) => keys.FindAll(column, found);

    public bool IsDelete(int key)
    {
        var (source, row) = Winner(key);
        return source.Merge.IsDelete(row);
    }

    /// <summary>Whether what the log says of a key takes the place of the base file's row.</summary>
    public bool Replaces(int key, MergeRows baseRows, int row)
    {
        var (source, winner) = Winner(key);
        return rule.Replaces(source.Merge, winner, baseRows, row);
    }

    /// <summary>What the log says of some keys.</summary>
    public ChangedRows Gather(ReadOnlySpan<int> chosen, long[] positions)
    {
        var source = new int[chosen.Length];
        var keySource = new int[chosen.Length];
        var row = new int[chosen.Length];
        var keyRow = new int[chosen.Length];
        bool[]? deleted = null;
        var (batches, ordinals) = RowBatches();
        for (int i = 0; i < chosen.Length; i++)
        {
            long place = winners[chosen[i]];
            keySource[i] = (int)(place >> 32);
            keyRow[i] = (int)place;
            bool goes = sources[keySource[i]].Merge.IsDelete(keyRow[i]);
            source[i] = goes ? 0 : ordinals[keySource[i]];
            row[i] = goes ? -1 : keyRow[i];
            if (goes)
            {
                (deleted ??= new bool[chosen.Length])[i] = true;
            }
        }

        return new ChangedRows(
            Kernels.Interleave(batches, source, row), (StringArray)Kernels.Interleave([.. sources.Select(s => s.Keys)], keySource, keyRow), positions, deleted);
    }

    /// <summary>The records that stay, batch by batch, oldest first, in memory of their own; this table is empty afterwards.</summary>
    public IEnumerable<LogSource> TakeLive()
    {
        var live = sources.ConvertAll(_ => new List<int>());
        foreach (long place in winners.AsSpan(0, keys.Count))
        {
            live[(int)(place >> 32)].Add((int)place);
        }

        for (int s = 0; s < sources.Count; s++)
        {
            if (live[s].Count > 0)
            {
                live[s].Sort();
                yield return sources[s].Take(CollectionsMarshal.AsSpan(live[s]), rule);
            }

            sources[s].Dispose();
        }

        sources.Clear();
    }

    public void Dispose() => sources.ForEach(s => s.Dispose());

    private (LogSource Source, int Row) Winner(int key) => (sources[(int)(winners[key] >> 32)], (int)winners[key]);

    // The batches of data blocks, and each source's ordinal among them.
    private (List<RecordBatch> Batches, int[] Ordinals) RowBatches()
    {
        var batches = new List<RecordBatch> { Kernels.EmptyBatch(columns) };
        var ordinals = new int[sources.Count];
        for (int s = 0; s < ordinals.Length; s++)
        {
            if (!sources[s].IsDeletes)
            {
                ordinals[s] = batches.Count;
                batches.Add(sources[s].Rows);
            }
        }

        return (batches, ordinals);
    }
}
