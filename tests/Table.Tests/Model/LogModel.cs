namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>
/// What a merge-on-read table holds whose base files are never rewritten: base rows, each with what the logs have made of its key since it was written. Hudi merges log records with one
/// another first, then the result with the base row.
/// </summary>
internal sealed class LogModel(bool eventTime, bool partial) : TableModel(eventTime, partial)
{
    private readonly bool eventTime = eventTime;
    private readonly bool partial = partial;
    private readonly List<BaseRow> stored = [];

    public override WriteCounts Apply(Step step, string instant)
    {
        if (step.Operation is not WriteOperation.Upsert and not WriteOperation.Delete)
        {
            var counts = base.Apply(step, instant);
            var added = Rows.Where(r => r.Commit == instant).ToList();
            stored.RemoveAll(s => Replaces(step.Operation, added.Select(a => a.Data), s.Row));
            stored.AddRange(added.Select(r => new BaseRow(r)));
            return counts;
        }

        long inserted = 0, updated = 0, deleted = 0;
        foreach (var row in Merge(step))
        {
            var change = new LogEntry(row, instant, step.Operation == WriteOperation.Delete);
            var meets = stored.Where(s => s.Row.Data.Id == row.Id && s.Row.Data.Part == row.Part && s.Row.Commit != instant).ToList();
            foreach (var met in meets)
            {
                met.Log = met.Log is { } earlier ? Merged(change, earlier) : change;
                updated += change.IsDelete ? 0 : 1;
                deleted += change.IsDelete ? 1 : 0;
            }

            if (meets.Count == 0 && !change.IsDelete)
            {
                stored.Add(new BaseRow(new StoredRow(row, instant)));
                inserted++;
            }
        }

        Rows = [.. stored.Select(Visible).OfType<StoredRow>()];
        return new WriteCounts(inserted, updated, deleted, inserted + updated + deleted > 0);
    }

    /// <summary>What the logs have made of the rows becomes base rows.</summary>
    public void Compact()
    {
        var rows = stored.Select(Visible).OfType<StoredRow>().ToList();
        stored.Clear();
        stored.AddRange(rows.Select(r => new BaseRow(r)));
    }

    /// <summary>
    /// Whether what becomes of a change depends on which file groups hold the rows that it meets, which the model does not know: where one group's log has deleted them they are brought back, of
    /// several groups those that have deleted them are left as they are (LiveKeys, see KeyedHistoryTests).
    /// </summary>
    public bool DependsOnGroups(Row row) =>
        stored.Where(s => s.Row.Data.Id == row.Id && s.Row.Data.Part == row.Part).ToList() is { Count: > 1 } met && met.Any(s => Visible(s) is null);

    // BufferedRecordMergerFactory: deltaMerge of a record, deltaMergeDeleteRecord of a delete.
    private bool Replaces(LogEntry later, LogEntry earlier) => !eventTime
        || (later.IsDelete && earlier.KeyDelete ? false
        : later.KeyDelete || earlier.KeyDelete || later.Row.Ts >= earlier.Row.Ts);

    private LogEntry Merged(LogEntry later, LogEntry earlier)
    {
        var (stays, goes) = Replaces(later, earlier) ? (later, earlier) : (earlier, later);
        return partial && !stays.IsDelete && !goes.IsDelete ? stays with { Row = stays.Row.FilledFrom(goes.Row) } : stays;
    }

    private StoredRow? Visible(BaseRow row) =>
        row.Log is not { } log ? row.Row
        : eventTime && !log.KeyDelete && log.Row.Ts < row.Row.Data.Ts ? (partial && !log.IsDelete ? row.Row with { Data = row.Row.Data.FilledFrom(log.Row) } : row.Row)
        : log.IsDelete ? null
        : new StoredRow(partial ? log.Row.FilledFrom(row.Row.Data) : log.Row, log.Commit);

    private sealed class BaseRow(StoredRow row)
    {
        public StoredRow Row => row;

        public LogEntry? Log { get; set; }
    }

    private sealed record LogEntry(Row Row, string Commit, bool KeyDelete)
    {
        public bool IsDelete => KeyDelete || Row.IsDelete;
    }
}
