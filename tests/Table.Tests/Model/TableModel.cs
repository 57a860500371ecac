namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>What a table holds after a write, by the plainest means: a list of rows.</summary>
internal class TableModel(bool eventTime, bool partial)
{
    public List<StoredRow> Rows { get; protected set; } = [];

    /// <summary>What the write of these rows does; the instant is filled in by <see cref="Apply"/>.</summary>
    public WriteCounts Count(Step step) => Run(step, "?").Counts;

    public virtual WriteCounts Apply(Step step, string instant)
    {
        var (rows, counts) = Run(step, instant);
        Rows = rows;
        return counts;
    }

    private (List<StoredRow> Rows, WriteCounts Counts) Run(Step step, string instant)
    {
        var rows = new List<StoredRow>(Rows);
        if (step.Operation is not WriteOperation.Upsert and not WriteOperation.Delete)
        {
            var added = (step.Combine ? Merge(step) : step.Rows).Where(r => !r.IsDelete).ToList();
            rows.RemoveAll(r => Replaces(step.Operation, added, r));
            rows.AddRange(added.Select(r => new StoredRow(r, instant)));
            return (rows, new WriteCounts(added.Count, 0, 0, added.Count > 0 || step.Operation == WriteOperation.InsertOverwriteTable));
        }

        long inserted = 0, updated = 0, deleted = 0;
        var touched = false;
        foreach (var row in Merge(step))
        {
            var delete = step.Operation == WriteOperation.Delete || row.IsDelete;
            var found = false;
            for (var i = rows.Count - 1; i >= 0; i--)
            {
                var old = rows[i].Data;
                if (old.Id != row.Id || old.Part != row.Part)
                {
                    continue;
                }

                found = touched = true;
                if (step.Operation != WriteOperation.Delete && eventTime && row.Ts < old.Ts)
                {
                    if (partial && !delete && old.Lacks)
                    {
                        rows[i] = new StoredRow(old.FilledFrom(row), instant);
                        updated++;
                    }

                    continue;
                }

                if (delete)
                {
                    rows.RemoveAt(i);
                    deleted++;
                }
                else
                {
                    rows[i] = new StoredRow(partial ? row.FilledFrom(old) : row, instant);
                    updated++;
                }
            }

            if (!found && !delete)
            {
                rows.Add(new StoredRow(row, instant));
                inserted++;
                touched = true;
            }
        }

        return (rows, new WriteCounts(inserted, updated, deleted, touched));
    }

    /// <summary>Whether an overwriting write takes the place of a stored row.</summary>
    protected static bool Replaces(WriteOperation operation, IEnumerable<Row> added, StoredRow stored) =>
        operation == WriteOperation.InsertOverwriteTable || (operation == WriteOperation.InsertOverwrite && added.Any(a => a.Part == stored.Data.Part));

    // Of keys to delete nothing else counts.
    protected List<Row> Merge(Step step) => Merge(step.Rows, partial && step.Operation != WriteOperation.Delete);

    private List<Row> Merge(IEnumerable<Row> rows, bool fills)
    {
        var winners = new Dictionary<(string, string), Row>();
        foreach (var row in rows)
        {
            var key = (row.Id, row.Part);
            if (!winners.TryGetValue(key, out var earlier))
            {
                winners[key] = row;
                continue;
            }

            var later = !eventTime || row.Ts >= earlier.Ts;
            var stays = later ? row : earlier;
            winners[key] = fills && !row.IsDelete && !earlier.IsDelete ? stays.FilledFrom(later ? earlier : row) : stays;
        }

        return [.. winners.Values];
    }
}

/// <summary>What a write should say that it did.</summary>
/// <param name="Inserted">New rows.</param>
/// <param name="Updated">Replaced rows.</param>
/// <param name="Deleted">Removed rows.</param>
/// <param name="Commits">Whether a file group is touched, so that there is a commit.</param>
internal sealed record WriteCounts(long Inserted, long Updated, long Deleted, bool Commits);
