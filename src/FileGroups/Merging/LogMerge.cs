using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
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
    private readonly MergeRule rule;
    private readonly Schema columns;
    private readonly long memoryBudget;
    private readonly string? spillFolder;
    private readonly int depth;
    private readonly TableSchema tableSchema;
    private LogTable table;
    private LogParts? parts;

    /// <param name="rule">How rows of one key are merged.</param>
    /// <param name="tableSchema">The table's schema.</param>
    /// <param name="columns">The columns of the rows that are added and given out; among them those of <see cref="MergeRule.LogColumns"/> that the table has.</param>
    /// <param name="memoryBudget">Bytes that records may take.</param>
    /// <param name="spillFolder">Where spill files go; null for the system's temporary folder.</param>
    public LogMerge(MergeRule rule, TableSchema tableSchema, Schema columns, long memoryBudget, string? spillFolder = null)
        : this(rule, tableSchema, columns, memoryBudget, spillFolder, 0)
    {
    }

    private LogMerge(MergeRule rule, TableSchema tableSchema, Schema columns, long memoryBudget, string? spillFolder, int depth)
    {
        this.rule = rule;
        this.tableSchema = tableSchema;
        this.columns = columns;
        this.memoryBudget = memoryBudget;
        this.spillFolder = spillFolder;
        this.depth = depth;
        table = new LogTable(rule, columns);
    }

    /// <summary>The columns that base rows must have. To be asked once all blocks are added.</summary>
    public IReadOnlyList<string> BaseColumns => rule.OrderingColumns;

    /// <summary>Whether records were put aside on the disk.</summary>
    public bool HasSpilled => parts is not null;

    /// <summary>Adds rows of a data block.</summary>
    /// <param name="keys">Record keys; a column of the batch, or in managed memory.</param>
    /// <param name="rows">The columns given, in the table's types; this object's from here on.</param>
    /// <param name="present">The columns that the block has; null: all, or those that it lacks are to become null.</param>
    /// <exception cref="LakehouseException">Corrupt: a row without a key, or two rows of a key that cannot be ordered.</exception>
    public void AddRows(StringArray keys, RecordBatch rows, IReadOnlyCollection<string>? present = null)
    {
        RequireKeys(keys);
        if (present is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "A log block holds some of the columns only (IS_PARTIAL)", remedy: "Compact the table with Apache Hudi first");
        }

        Add(LogSource.OfRows(keys, rows, rule));
    }

    /// <summary>Adds records of a delete block.</summary>
    /// <param name="keys">Record keys.</param>
    /// <param name="ordering">Values of <see cref="MergeRule.OrderingColumns"/> in the table's types, null in all of them for a delete that has none.</param>
    public void AddDeletes(StringArray keys, IReadOnlyList<IArrowArray> ordering)
    {
        RequireKeys(keys);
        var fields = rule.OrderingColumns.Select((name, i) => new Field(name, ordering[i].Data.DataType, true));
        Add(LogSource.OfDeletes(keys, new RecordBatch(new Schema([.. fields], null), ordering.Take(rule.OrderingColumns.Count), keys.Length), rule));
    }

    /// <summary>Merges the log with the base file. Nothing may be added afterwards.</summary>
    /// <param name="baseRows">All rows of the base file in the order of their positions, each batch used before the next is asked for; null: there is no base file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The changes; to be disposed, before this object or after it.</returns>
    public async ValueTask<SliceChanges> ResolveAsync(IAsyncEnumerable<BaseRows>? baseRows, CancellationToken cancellationToken)
    {
        if (parts is null)
        {
            var resolved = new BaseResolution(rule, table);
            if (baseRows is not null)
            {
                await foreach (var rows in baseRows.WithCancellation(cancellationToken))
                {
                    resolved.Meet(rows);
                }
            }

            var result = resolved.Finish();
            table = new LogTable(rule, columns);
            return result;
        }

        parts.Flush();
        if (baseRows is not null)
        {
            await foreach (var rows in baseRows.WithCancellation(cancellationToken))
            {
                parts.AddBase(rows);
            }
        }

        return await ResolvePartsAsync(parts, cancellationToken);
    }

    public void Dispose()
    {
        table.Dispose();
        parts?.Dispose();
    }

    private static void RequireKeys(StringArray keys)
    {
        if (keys.NullCount != 0)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "A log holds a record without a key", remedy: "Restore the log file, or roll back the commit that wrote it");
        }
    }

    private static void Keep(List<ChangeRun> runs, ChangeRun? run)
    {
        if (run is not null)
        {
            runs.Add(run);
        }
    }

    private async ValueTask<SliceChanges> ResolvePartsAsync(LogParts all, CancellationToken cancellationToken)
    {
        var changes = new List<ChangeRun>();
        var inserts = new List<ChangeRun>();
        var counts = default(ChangeCounts);
        try
        {
            foreach (var part in all.All)
            {
                using var merge = new LogMerge(rule, tableSchema, columns, memoryBudget, spillFolder, depth + 1);
                foreach (var source in part.Read(rule))
                {
                    merge.Add(source);
                }

                await using var resolved = await merge.ResolveAsync(part.ReadBase().ToAsyncEnumerable(), cancellationToken);
                part.Dispose();
                counts += resolved.Counts;
                Keep(changes, SpilledRun.Create(resolved.Changes(), columns, spillFolder));
                Keep(inserts, SpilledRun.Create(resolved.Inserts(), columns, spillFolder));
            }
        }
        catch
        {
            changes.Concat(inserts).ToList().ForEach(r => r.Dispose());
            throw;
        }

        return new SliceChanges(changes, inserts, counts, this);
    }

    private void Add(LogSource source)
    {
        if (parts is not null)
        {
            parts.Add(source);
            return;
        }

        table.Add(source);
        if (table.Bytes <= memoryBudget || depth > MaxDepth)
        {
            return;
        }

        if (table.IsMostlyReplaced)
        {
            var compact = new LogTable(rule, columns);
            foreach (var live in table.TakeLive())
            {
                compact.Add(live);
            }

            table = compact;
            if (table.Bytes <= memoryBudget / 2)
            {
                return;
            }
        }

        parts = new LogParts(depth, memoryBudget, spillFolder);
        foreach (var live in table.TakeLive())
        {
            parts.Add(live);
        }

        table = new LogTable(rule, columns);
    }
}
