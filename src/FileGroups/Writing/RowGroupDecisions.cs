using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What becomes of the stored rows of a row group, slice by slice: both sides come sorted by position.</summary>
internal sealed class RowGroupDecisions : IDisposable
{
    private readonly MergeInput input;
    private readonly MergeRule? rule;
    private readonly FilledChanges? filled;
    private readonly ChangeCollector? collector;
    private readonly MergeRows?[] bound;
    private IReadOnlyList<IncomingRows> changes;
    private long firstRow;
    private int next;
    private int nextRow;

    /// <param name="input">The old file and the merge rule.</param>
    /// <param name="table">The table's schema.</param>
    /// <param name="changes">Rows that meet stored rows of the row group.</param>
    /// <param name="firstRow">Position of its first row.</param>
    /// <param name="collector">Is told each change, for a log of changes; null where there is none.</param>
    public RowGroupDecisions(MergeInput input, TableSchema table, IReadOnlyList<IncomingRows> changes, long firstRow, ChangeCollector? collector)
    {
        this.input = input;
        this.changes = changes;
        this.firstRow = firstRow;
        this.collector = collector;
        filled = input is { KeyDeletes: false, Rule: { KeepsWholeRows: false } made } ? new FilledChanges(made, table, changes) : null;
        rule = filled is null ? input.Rule : null; // Of rows that are filled it has decided already.
        bound = [.. changes.Select(c => input.KeyDeletes ? MergeRows.KeyDeletes : rule?.Bind(c.Data, requireOrdering: false))];
    }

    public long Updated { get; private set; }

    public long Deleted { get; private set; }

    /// <summary>Settles the next slice, the one that the stored columns stand at.</summary>
    public async ValueTask<Slice> NextAsync(StoredColumns stored, TableSchema table)
    {
        if (filled is not null)
        {
            changes = await filled.NextAsync(stored, firstRow);
            (next, nextRow) = (0, 0);
        }

        var slice = Decide(stored.Length, rule is null || input.KeyDeletes ? MergeRows.KeyDeletes : await BindStoredAsync(rule, stored, table));
        Updated += slice.Replaced;
        Deleted += slice.Removed;
        return slice;
    }

    public void Dispose() => filled?.Dispose();

    private static async ValueTask<MergeRows> BindStoredAsync(MergeRule rule, StoredColumns stored, TableSchema table)
    {
        var ordering = rule.OrderingColumns.Select(table.Arrow.GetFieldByName).ToList();
        var columns = new List<IArrowArray>();
        foreach (var field in ordering)
        {
            columns.Add(await stored.ReadAsync(field));
        }

        return rule.BindStored(new RecordBatch(new Schema(ordering, null), columns, stored.Length));
    }

    private MergeDecision Decide(MergeRows stored, int at)
    {
        var rows = changes[next];
        return rows.Deleted is { } deleted && deleted[nextRow] ? MergeDecision.Delete
            : rule is not null ? rule.Decide(bound[next]!, nextRow, stored, at)
            : MergeDecision.Replace;
    }

    private Slice Decide(int length, MergeRows stored)
    {
        var runs = new RunBuilder(64);
        var (replaced, removed, kept) = (0, 0, 0);
        for (; next < changes.Count; next++, nextRow = 0)
        {
            for (; nextRow < changes[next].Length; nextRow++)
            {
                var position = changes[next].Positions[nextRow];
                if (position >= firstRow + length)
                {
                    break;
                }

                var at = (int)(position - firstRow);
                var decision = Decide(stored, at);
                if (decision == MergeDecision.Keep)
                {
                    continue;
                }

                collector?.Add(at, changes[next], nextRow, decision == MergeDecision.Delete);
                runs.Add(0, kept, at - kept);
                kept = at + 1;
                if (decision == MergeDecision.Replace)
                {
                    runs.Add(next + 1, nextRow, 1);
                    replaced++;
                }
                else
                {
                    removed++;
                }
            }

            if (nextRow < changes[next].Length)
            {
                break;
            }
        }

        runs.Add(0, kept, length - kept);
        firstRow += length;
        return new Slice(changes, runs, replaced, removed);
    }

    /// <summary>A slice's rows as they will be.</summary>
    /// <param name="Changes">The rows that meet stored ones, of which some have come to nothing.</param>
    /// <param name="Runs">Source 0 are the stored rows, source i the i-th of the changes.</param>
    /// <param name="Replaced">Stored rows that others take the place of.</param>
    /// <param name="Removed">Stored rows that go.</param>
    internal sealed record Slice(IReadOnlyList<IncomingRows> Changes, RunBuilder Runs, int Replaced, int Removed) : IDisposable
    {
        public void Dispose() => Runs.Dispose();
    }
}
