using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The records of a log merged key by key, oldest to newest: for each key the place of the record that stays (KeyBasedFileGroupRecordBuffer), and of those that fill it. Rows are not
/// moved: a key costs about 30 bytes beside the columns.
/// </summary>
internal sealed class LogTable(LogMergeContext context) : IDisposable
{
    private readonly MergeRule rule = context.Rule;
    private readonly List<LogSource> sources = [];
    private readonly KeyMap keys = new();
    private RowChains? chains;
    private long[] winners = [];
    private long[] latest = [];
    private int[] numbers = [];
    private long sourceBytes;
    private long records;

    /// <summary>Distinct keys.</summary>
    public int Count => keys.Count;

    public long Bytes => sourceBytes + keys.MemoryBytes + ((winners.LongLength + latest.LongLength) * sizeof(long)) + (chains?.Bytes ?? 0);

    /// <summary>Whether at least half of the records have been replaced by others, so that leaving them out gives memory back.</summary>
    public bool IsMostlyReplaced => chains is not { Any: true } && Count <= records / 2;

    /// <summary>The number of batches: the source number of one that is put beside them.</summary>
    public int SourceCount => sources.Count;

    /// <summary>Makes room for records of a block that is to be added.</summary>
    public void Reserve(int more) => keys.Reserve(more);

    /// <summary>Merges what a later block says. Owns the source from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(LogSource source)
    {
        long place = (long)sources.Count << 32;
        sources.Add(source);
        sourceBytes += source.Bytes;
        records += source.Length;
        int known = keys.Count;
        Number(source);
        if (rule.Merger is not null)
        {
            MergePairs(source, place, known);
            return;
        }

        for (int row = 0; row < source.Length; row++)
        {
            int key = numbers[row];
            if (key >= known)
            {
                // Numbers are given in order of appearance.
                known = key + 1;
                winners[key] = place | (uint)row;
            }
            else
            {
                Merge(key, source, row, place | (uint)row);
            }

            if (rule.LatestMetaColumns && !source.Merge.IsDelete(row))
            {
                latest[key] = place | (uint)row;
            }
        }
    }

    /// <summary>The key numbers of the first rows of the source added last.</summary>
    public ReadOnlySpan<int> Numbers(int rows) => numbers.AsSpan(0, rows);

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

    /// <summary>Where the row is that stays.</summary>
    public long Place(int key) => winners[key];

    /// <summary>Where the meta columns of a key's row are.</summary>
    public long MetaPlace(int key) => rule.LatestMetaColumns ? latest[key] : winners[key];

    /// <summary>Adds to a list of places what a key's row is made of: a new row of the list, or fillers of the row begun last.</summary>
    public void CopyTo(int key, RowPlaces target, FillKind? asFiller = null)
    {
        if (asFiller is { } kind)
        {
            target.Fill(winners[key], kind);
        }
        else
        {
            target.Begin(IsDelete(key) ? -1 : winners[key], MetaPlace(key));
        }

        chains?.CopyTo(key, target);
    }

    /// <summary>What the log says of some keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ChangedRows Gather(int[] chosen, long[] positions)
    {
        bool[]? deleted = null;
        var source = new int[chosen.Length];
        var row = new int[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            long place = winners[chosen[i]];
            (source[i], row[i]) = ((int)(place >> 32), (int)place);
            if (sources[source[i]].Merge.IsDelete(row[i]))
            {
                (deleted ??= new bool[chosen.Length])[i] = true;
                row[i] = -1;
            }
        }

        return new ChangedRows(chains is { Any: true } || rule.LatestMetaColumns ? Gather(Places(chosen), null) : Gather(source, row), () => KeysOf(chosen), positions, deleted);
    }

    /// <summary>Makes rows of places in this table's batches and, as the source after the last, of one more.</summary>
    public RecordBatch Gather(RowPlaces places, RecordBatch? beside)
    {
        var batches = Batches();
        var present = sources.ConvertAll(s => s.Shape.Present);
        if (beside is not null)
        {
            batches.Add(beside);
            present.Add(null);
        }

        bool filled = beside is not null || chains is { Any: true };
        return RowGather.Run(context.Columns, batches, present, places, filled || rule.LatestMetaColumns ? context.FillRule : null, rule.LatestMetaColumns);
    }

    /// <summary>The keys of some numbers.</summary>
    public StringArray KeysOf(ReadOnlySpan<int> chosen)
    {
        var source = new int[chosen.Length];
        var row = new int[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            (source[i], row[i]) = ((int)(winners[chosen[i]] >> 32), (int)winners[chosen[i]]);
        }

        return (StringArray)Kernels.Interleave([.. sources.Select(s => s.Keys)], source, row);
    }

    /// <summary>The records that stay, batch by batch, oldest first; this table is empty afterwards. Where rows fill others, all records.</summary>
    public IEnumerable<LogSource> TakeLive()
    {
        var live = chains is { Any: true } || rule.LatestMetaColumns ? null : Live();
        for (int s = 0; s < sources.Count; s++)
        {
            if (live is null)
            {
                yield return sources[s];
                continue;
            }

            if (live[s].Count > 0)
            {
                live[s].Sort();
                yield return sources[s].Take(CollectionsMarshal.AsSpan(live[s]));
            }

            sources[s].Dispose();
        }

        sources.Clear();
    }

    public void Dispose() => sources.ForEach(s => s.Dispose());

    private void Number(LogSource source)
    {
        if (numbers.Length < source.Length)
        {
            numbers = new int[source.Length];
        }

        keys.AddAll(source.Identity ?? source.Keys, numbers);
        if (winners.Length < keys.Count)
        {
            System.Array.Resize(ref winners, Math.Max(keys.Count, winners.Length * 2));
        }

        if (rule.LatestMetaColumns && latest.Length < winners.Length)
        {
            System.Array.Resize(ref latest, winners.Length);
        }

        if (source.Shape.Fill != FillKind.None)
        {
            chains ??= new RowChains();
        }

        chains?.Reserve(keys.Count);
    }

    // In rounds, so that a key is in each of them once: the merger gets all pairs of a round together.
    private void MergePairs(LogSource source, long place, int known)
    {
        var taken = new HashSet<int>();
        var rows = Enumerable.Range(0, source.Length).ToList();
        var ofRow = numbers.AsSpan(0, source.Length).ToArray();
        while (rows.Count > 0)
        {
            var later = new List<int>();
            var pairs = new PairMerge(rule.Merger!, context.Columns);
            taken.Clear();
            foreach (int row in rows)
            {
                int key = ofRow[row];
                if (!taken.Add(key))
                {
                    later.Add(row);
                }
                else if (key >= known || source.Merge.IsDelete(row) || IsDelete(key))
                {
                    known = Math.Max(known, key + 1);
                    winners[key] = place | (uint)row;
                }
                else
                {
                    pairs.Add(key, winners[key], place | (uint)row);
                }
            }

            Take(pairs);
            rows = later;
        }
    }

    private void Take(PairMerge pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        pairs.Run(Gather(pairs.Older, null), Gather(pairs.Newer, null));
        for (int i = 0; i < pairs.Count; i++)
        {
            if (pairs.Choice(i) == RecordMergeChoice.Newer)
            {
                winners[pairs.Keys[i]] = pairs.NewerPlace(i);
            }
        }

        Put(pairs, RecordMergeChoice.Combined, (rows, keys) => new LogSource(keys, pairs.Combine(rows), new LogShape(false, FillKind.None), rule));
        Put(pairs, RecordMergeChoice.Delete, (_, keys) => new LogSource(keys, new RecordBatch(new Schema([], null), [], keys.Length), new LogShape(true, FillKind.None), rule));
    }

    // Adds what a merger made as a source of its own, and gives it the keys.
    private void Put(PairMerge pairs, RecordMergeChoice choice, Func<int[], StringArray, LogSource> make)
    {
        int[] chosen = [.. Enumerable.Range(0, pairs.Count).Where(i => pairs.Choice(i) == choice)];
        if (chosen.Length == 0)
        {
            return;
        }

        int[] made = [.. chosen.Select(i => pairs.Keys[i])];
        var source = make(chosen, KeysOf(made));
        long place = (long)sources.Count << 32;
        sources.Add(source);
        sourceBytes += source.Bytes;
        records += source.Length;
        for (int i = 0; i < made.Length; i++)
        {
            winners[made[i]] = place | (uint)i;
        }
    }

    private void Merge(int key, LogSource source, int row, long place)
    {
        var (earlier, earlierRow) = Winner(key);
        var shape = source.Shape;
        bool wins = shape.IsDeletes ? rule.DeleteReplaces(source.Merge, row, earlier.Merge, earlierRow) : rule.Replaces(source.Merge, row, earlier.Merge, earlierRow);
        bool fills = shape.Fill != FillKind.None && !source.Merge.IsDelete(row) && !earlier.Merge.IsDelete(earlierRow);
        if (wins)
        {
            // A row of all columns needs no other.
            if (fills && (shape.Fill != FillKind.Absent || shape.Present is not null))
            {
                chains!.Push(key, winners[key], shape.Fill);
            }
            else
            {
                chains?.Clear(key);
            }

            winners[key] = place;
        }
        else if (fills && rule.LoserFills && (shape.Fill != FillKind.Absent || earlier.Shape.Present is not null))
        {
            chains!.Append(key, place, shape.Fill);
        }
    }

    // Whole rows, one place each.
    private RecordBatch Gather(int[] source, int[] row) => new(context.Columns, Kernels.Interleave(Batches(), source, row).Arrays, row.Length);

    private RowPlaces Places(int[] chosen)
    {
        var places = new RowPlaces();
        foreach (int key in chosen)
        {
            CopyTo(key, places);
        }

        return places;
    }

    private List<RecordBatch> Batches()
    {
        var empty = Kernels.EmptyBatch(context.Columns);
        return sources.ConvertAll(s => s.Shape.IsDeletes ? empty : s.Rows);
    }

    private List<int>[] Live()
    {
        List<int>[] live = [.. sources.Select(_ => new List<int>())];
        foreach (long place in winners.AsSpan(0, keys.Count))
        {
            live[(int)(place >> 32)].Add((int)place);
        }

        return live;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (LogSource Source, int Row) Winner(int key) => (sources[(int)(winners[key] >> 32)], (int)winners[key]);
}
