namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Hudi's merge of a log with a base file, one record after another in a dictionary (BufferedRecordMergerFactory).</summary>
/// <param name="eventTime">Whether ordering values decide.</param>
/// <param name="fill">What counts as missing in a row.</param>
/// <param name="deletesIgnoreOrder">Whether deletes win and lose by their order in the log.</param>
internal sealed class LogModel(bool eventTime, FillKind fill = FillKind.None, bool deletesIgnoreOrder = false)
{
    public const string Unavailable = "?";

    public bool Fills => current != FillKind.None;

    private readonly Dictionary<string, LogRow> buffered = [];
    private FillKind current = fill;

    public void Add(LogRow row)
    {
        current = row.Present is null ? current : FillKind.Absent;
        var old = buffered.GetValueOrDefault(row.Key);
        if (old is null)
        {
            buffered[row.Key] = row;
            return;
        }

        bool replaces = row.FromDeleteBlock && !deletesIgnoreOrder
            ? !eventTime || (!old.IsCommitTimeDelete && (row.IsCommitTimeDelete || row.Ts >= old.Ts))
            : Replaces(row, old);
        buffered[row.Key] = replaces ? Filled(row, old) : Filled(old, row);
    }

    /// <summary>What becomes of each base row, null where it goes, and the new rows.</summary>
    public (LogRow?[] Stored, List<LogRow> Inserts) Resolve(IReadOnlyList<LogRow> stored)
    {
        var result = new LogRow?[stored.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = stored[i];
            if (buffered.Remove(stored[i].Key, out var log))
            {
                var merged = Replaces(log, stored[i]) ? Filled(log, stored[i]) : Filled(stored[i], log);
                result[i] = merged.Deleted ? null : merged;
            }
        }

        return (result, [.. buffered.Values.Where(r => !r.Deleted)]);
    }

    private bool Replaces(LogRow later, LogRow earlier) =>
        !eventTime || (deletesIgnoreOrder && (later.Deleted || earlier.Deleted)) || later.IsCommitTimeDelete || earlier.IsCommitTimeDelete || later.Ts >= earlier.Ts;

    private LogRow Filled(LogRow stays, LogRow other)
    {
        if (current == FillKind.None || stays.Deleted || other.Deleted)
        {
            return stays;
        }

        bool Missing(string column, object? value) => current switch
        {
            FillKind.Absent => !stays.Has(column),
            FillKind.Unavailable => value is Unavailable,
            _ => value is null,
        };
        return stays with
        {
            Ts = Missing("ts", stays.Ts) ? other.Ts : stays.Ts,
            A = Missing("a", stays.A) ? other.A : stays.A,
            B = Missing("b", stays.B) ? other.B : stays.B,
            Present = stays.Present is null || other.Present is null ? null : [.. stays.Present.Union(other.Present)],
        };
    }
}
