namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>What a table holds after a write, by the plainest means: a list of rows.</summary>
internal class TableModel(bool eventTime)
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
        if (step.Operation is WriteOperation.Insert or WriteOperation.BulkInsert)
        {
            var added = (step.Combine ? Merge(step.Rows) : step.Rows).Where(r => !r.IsDelete).ToList();
            rows.AddRange(added.Select(r => new StoredRow(r, instant)));
            return (rows, new WriteCounts(added.Count, 0, 0, added.Count > 0));
        }

        long inserted = 0, updated = 0, deleted = 0;
        var touched = false;
        foreach (var row in Merge(step.Rows))
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
                    continue;
                }

                if (delete)
                {
                    rows.RemoveAt(i);
                    deleted++;
                }
                else
                {
                    rows[i] = new StoredRow(row, instant);
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

    protected List<Row> Merge(IEnumerable<Row> rows)
    {
        var winners = new Dictionary<(string, string), Row>();
        foreach (var row in rows)
        {
            var key = (row.Id, row.Part);
            if (!winners.TryGetValue(key, out var earlier) || !eventTime || row.Ts >= earlier.Ts)
            {
                winners[key] = row;
            }
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
