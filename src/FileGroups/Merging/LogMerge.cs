using Apache.Arrow;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Merges the logs of one file slice: its blocks are added oldest first, then the result is resolved against the base file. Hudi's outcomes (KeyBasedFileGroupRecordBuffer and
/// BufferedRecordMergerFactory of 1.2) follow from that order: records of the log are merged with one another first, and only what comes of it meets the base file's row.
/// Memory is counted; past the budget records are parted by the hash of their keys into spill files and each part is merged alone.
/// </summary>
internal sealed class LogMerge : IDisposable
{
    private const int MaxDepth = 6;
    private readonly LogMergeContext context;
    private readonly int depth;
    private LogTable table;
    private LogParts? parts;
    private LogPositions? positions = new();
    private FillKind fill;

    /// <param name="rule">How rows of one key are merged.</param>
    /// <param name="tableSchema">The table's schema.</param>
    /// <param name="columns">The columns of the rows that are added and given out; among them those of <see cref="MergeRule.LogColumns"/> that the table has.</param>
    /// <param name="memoryBudget">Bytes that records may take.</param>
    /// <param name="spillFolder">Where spill files go; null for the system's temporary folder.</param>
    public LogMerge(MergeRule rule, TableSchema tableSchema, Schema columns, long memoryBudget, string? spillFolder = null)
        : this(new LogMergeContext(rule, tableSchema, columns, memoryBudget, spillFolder), rule.Fill, 0)
    {
    }

    private LogMerge(LogMergeContext context, FillKind fill, int depth)
    {
        this.context = context;
        this.fill = fill;
        this.depth = depth;
        table = new LogTable(context);
    }

    /// <summary>The columns that base rows must have: those that order them, or all where rows are made of others. To be asked once all blocks are added.</summary>
    public IReadOnlyList<string> BaseColumns => fill == FillKind.None && context.Rule.Merger is null ? context.Rule.OrderingColumns : [.. context.Columns.FieldsList.Select(f => f.Name)];

    /// <summary>The smallest and the largest key of all records.</summary>
    public KeyRange Keys { get; } = new();

    /// <summary>The base file that the positions in all blocks are of, by its instant; null where a block has none. See <see cref="LogMergeContext.MeetsEveryRow"/>.</summary>
    public string? PositionsOf { get; set; }

    /// <inheritdoc cref="LogMergeContext.MeetsEveryRow"/>
    public bool MeetsEveryRow
    {
        set => context.MeetsEveryRow = value;
    }

    /// <summary>
    /// Whether records are merged with one another where they have the same position, not the same key. Hudi does so wherever it goes by positions (PositionBasedFileGroupRecordBuffer); it makes a
    /// difference only where a base file holds a key twice, and then each of its rows has a record of its own.
    /// </summary>
    public bool ByPosition { get; init; }

    /// <summary>Whether records would come out otherwise <see cref="ByPosition"/>, and can be merged so within memory. To be asked once all blocks are added.</summary>
    /// <param name="rows">How many rows the base file of <see cref="PositionsOf"/> has.</param>
    public bool KeysLieApart(long rows) =>
        positions?.Order(rows) == true && positions.HasKeyTwice() && table.Bytes + positions.Bytes + (Records * 32) <= context.MemoryBudget;

    /// <summary>Whether records were put aside on the disk.</summary>
    public bool HasSpilled => parts is not null;

    /// <summary>Records that were added, of data and delete blocks.</summary>
    public long Records { get; private set; }

    /// <summary>Makes room for the records of a block that is to be added, within the budget: how many there are is only said so far.</summary>
    public void Reserve(int records)
    {
        if (parts is null)
        {
            table.Reserve((int)Math.Min(records, context.MemoryBudget / 64));
        }
    }

    /// <summary>Adds rows of a data block.</summary>
    /// <param name="keys">Record keys; a column of the batch, or in managed memory.</param>
    /// <param name="rows">The columns given, in the table's types; this object's from here on.</param>
    /// <param name="present">Of a block that is marked IS_PARTIAL: the columns that it has. Null: the block has whole rows; columns that it lacks are as they are in the batch.</param>
    /// <param name="at">The rows' positions in the base file of <see cref="PositionsOf"/>; empty: not known.</param>
    /// <exception cref="LakehouseException">Corrupt: a row without a key, or two rows of a key that cannot be ordered.</exception>
    public void AddRows(StringArray keys, RecordBatch rows, IReadOnlyCollection<string>? present = null, ReadOnlySpan<long> at = default)
    {
        RequireKeys(keys);
        if (present is not null && context.Rule.Merger is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "A log block holds some of the columns only (IS_PARTIAL), which a record merger of one's own is not given", remedy: "Compact the table with Apache Hudi first");
        }

        if (present is not null)
        {
            // From the first such block on, all that comes is merged by presence (KeyBasedFileGroupRecordBuffer.processDataBlock).
            fill = FillKind.Absent;
        }

        bool[]? has = present is null ? null : [.. context.Columns.FieldsList.Select(f => present.Contains(f.Name))];
        Records += keys.Length;
        Keys.AddAll(keys);
        Add(new LogSource(keys, rows, new LogShape(false, fill, has), context.Rule) { Identity = ByPosition ? LogPositions.AsKeys(at) : null }, at);
    }

    /// <summary>Adds the records of a delete block.</summary>
    /// <param name="deletes">The records.</param>
    /// <param name="at">Their positions in the base file of <see cref="PositionsOf"/>; empty: not known.</param>
    /// <exception cref="LakehouseException">Unsupported: an ordering value has no counterpart in the column's type.</exception>
    public void AddDeletes(LogDeletes deletes, ReadOnlySpan<long> at = default)
    {
        var names = context.Rule.OrderingColumns;
        var ordering = names.Count == 0 ? [] : deletes.OrderingAs(context.Table, names);
        for (int i = 0; i < ordering.Length && !context.Rule.DeletesIgnoreOrder; i++)
        {
            for (int row = 0; row < deletes.Count && ordering[i].NullCount != 0; row++)
            {
                if (ordering[i].IsNull(row) && !deletes.IsCommitTime(row))
                {
                    throw new LakehouseException(LakehouseErrorKind.Unsupported,
                        $"The delete of the key '{deletes.Keys.GetString(row)}' has an ordering value that cannot be compared with the column '{names[i]}' of type {ordering[i].Data.DataType.Name}",
                        remedy: "Roll back the commit that wrote the delete");
                }
            }
        }

        AddDeletes(deletes.Keys, ordering, at);
    }

    /// <summary>Adds records of a delete block.</summary>
    /// <param name="keys">Record keys.</param>
    /// <param name="ordering">Values of <see cref="MergeRule.OrderingColumns"/> in the table's types, null in all of them for a delete that has none.</param>
    /// <param name="at">Their positions in the base file of <see cref="PositionsOf"/>; empty: not known.</param>
    public void AddDeletes(StringArray keys, IReadOnlyList<IArrowArray> ordering, ReadOnlySpan<long> at = default)
    {
        RequireKeys(keys);
        Records += keys.Length;
        Keys.AddAll(keys);
        var names = context.Rule.OrderingColumns;
        var schema = new Schema([.. names.Select((name, i) => new Field(name, ordering[i].Data.DataType, true))], null);
        Add(new LogSource(keys, new RecordBatch(schema, ordering.Take(names.Count), keys.Length), new LogShape(true, fill), context.Rule) { Identity = ByPosition ? LogPositions.AsKeys(at) : null }, at);
    }

    /// <summary>Positions that were given turn out not to be known: keys are compared instead.</summary>
    public void ForgetPositions() => positions = null;

    /// <summary>Which rows of the base file the records are about, for base rows without keys; null: keys are needed. To be asked once all blocks are added.</summary>
    /// <param name="rows">How many rows the base file has.</param>
    public LogPositions? PositionsIn(long rows) => context.Positions = context.MeetsEveryRow && positions?.Order(rows) == true ? positions : null;

    /// <summary>Merges the log with the base file. Nothing may be added afterwards.</summary>
    /// <param name="baseRows">The rows of the base file in the order of their positions, at least those whose keys are within <see cref="Keys"/>, each batch used before the next is asked for; null: there is no base file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The changes; to be disposed, before this object or after it.</returns>
    public async ValueTask<SliceChanges> ResolveAsync(IAsyncEnumerable<BaseRows>? baseRows, CancellationToken cancellationToken)
    {
        if (parts is null)
        {
            BaseResolution resolution = context.Rule.Merger is not null ? new PairResolution(context, table)
                : fill != FillKind.None ? new FilledRowResolution(context, table, fill)
                : new WholeRowResolution(context, table);
            await EachAsync(baseRows, resolution.Meet, cancellationToken);
            var result = resolution.Finish();
            table = new LogTable(context);
            return result;
        }

        parts.Flush();
        await EachAsync(baseRows, parts.AddBase, cancellationToken);
        return await ResolvePartsAsync(parts, cancellationToken);
    }

    /// <summary>
    /// The records that are left once the log is merged with itself, for a log that is to take its place: of each key one, oldest first. Only where whole rows are merged. Nothing may be added
    /// afterwards, and it is given once; the caller disposes each.
    /// </summary>
    public IEnumerable<LogSource> Survivors()
    {
        if (parts is null)
        {
            foreach (var source in table.TakeLive())
            {
                yield return source;
            }

            yield break;
        }

        parts.Flush();
        foreach (var part in parts.All)
        {
            using var merge = new LogMerge(context, fill, depth + 1);
            foreach (var source in part.Read(context.Rule))
            {
                merge.Add(source);
            }

            foreach (var source in merge.Survivors())
            {
                yield return source;
            }

            part.Dispose();
        }
    }

    public void Dispose()
    {
        table.Dispose();
        parts?.Dispose();
    }

    private static async ValueTask EachAsync(IAsyncEnumerable<BaseRows>? baseRows, Action<BaseRows> action, CancellationToken cancellationToken)
    {
        if (baseRows is not null)
        {
            await foreach (var rows in baseRows.WithCancellation(cancellationToken))
            {
                action(rows);
            }
        }
    }

    private static void RequireKeys(StringArray keys)
    {
        if (keys.NullCount != 0)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "A log holds a record without a key", remedy: "Restore the log file, or roll back the commit that wrote it");
        }
    }

    private async ValueTask<SliceChanges> ResolvePartsAsync(LogParts all, CancellationToken cancellationToken)
    {
        var changes = new List<ChangeRun>();
        var inserts = new List<ChangeRun>();
        var counts = default(ChangeCounts);
        long memory = context.MemoryBudget / 4 / all.All.Count;
        try
        {
            foreach (var part in all.All)
            {
                using var merge = new LogMerge(context, fill, depth + 1);
                foreach (var source in part.Read(context.Rule))
                {
                    merge.Add(source);
                }

                await using var resolved = await merge.ResolveAsync(part.ReadBase().ToAsyncEnumerable(), cancellationToken);
                part.Dispose();
                counts += resolved.Counts;
                changes.Add(new ChangeSpool(context.Columns, memory, context.SpillFolder));
                ((ChangeSpool)changes[^1]).AddAll(resolved.Changes());
                inserts.Add(new ChangeSpool(context.Columns, memory, context.SpillFolder));
                ((ChangeSpool)inserts[^1]).AddAll(resolved.Inserts());
            }
        }
        catch
        {
            changes.Concat(inserts).ToList().ForEach(r => r.Dispose());
            throw;
        }

        return new SliceChanges(changes, inserts, counts, this);
    }

    private void Add(LogSource source, ReadOnlySpan<long> at = default)
    {
        if (parts is not null)
        {
            parts.Add(source);
            return;
        }

        table.Add(source);
        if (at.Length == source.Length)
        {
            positions?.Add(at, table.Numbers(source.Length));
        }
        else
        {
            positions = null;
        }

        // By position what is added is known to fit (KeysLieApart).
        if (ByPosition || table.Bytes + (positions?.Bytes ?? 0) <= context.MemoryBudget || depth > MaxDepth)
        {
            return;
        }

        // Below, keys are numbered anew, and records that another has replaced are left out with their positions.
        positions = null;

        if (table.IsMostlyReplaced)
        {
            var compact = new LogTable(context);
            foreach (var live in table.TakeLive())
            {
                compact.Add(live);
            }

            table = compact;
            if (table.Bytes <= context.MemoryBudget / 2)
            {
                return;
            }
        }

        parts = new LogParts(depth, context.MemoryBudget, context.SpillFolder);
        foreach (var live in table.TakeLive())
        {
            parts.Add(live);
        }

        table = new LogTable(context);
    }
}
