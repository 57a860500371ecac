namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>One record of a log or a base file, as plainly as can be.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Ts">Ordering value; null: none.</param>
/// <param name="A">A text column.</param>
/// <param name="B">A number column.</param>
/// <param name="Deleted">Whether it is a delete.</param>
/// <param name="FromDeleteBlock">Whether it came in a delete block.</param>
internal sealed record LogRow(string Key, long? Ts, string? A = null, long? B = null, bool Deleted = false, bool FromDeleteBlock = false)
{
    public bool IsCommitTimeDelete => Deleted && Ts is null;
}

/// <summary>Hudi's merge of a log with a base file, one record after another in a dictionary (BufferedRecordMergerFactory).</summary>
internal sealed class LogModel(bool eventTime)
{
    private readonly Dictionary<string, LogRow> buffered = [];

    public void Add(LogRow row)
    {
        var old = buffered.GetValueOrDefault(row.Key);
        bool replaces = old is null || !eventTime || (row.FromDeleteBlock
            ? !old.IsCommitTimeDelete && (row.IsCommitTimeDelete || row.Ts >= old.Ts)
            : row.IsCommitTimeDelete || old.IsCommitTimeDelete || row.Ts >= old.Ts);
        if (replaces)
        {
            buffered[row.Key] = row;
        }
    }

    /// <summary>What becomes of each base row, null where it goes, and the new rows.</summary>
    public (LogRow?[] Stored, List<LogRow> Inserts) Resolve(IReadOnlyList<LogRow> stored)
    {
        var result = new LogRow?[stored.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = stored[i];
            if (buffered.Remove(stored[i].Key, out var log) && (!eventTime || log.IsCommitTimeDelete || log.Ts >= stored[i].Ts))
            {
                result[i] = log.Deleted ? null : log;
            }
        }

        return (result, [.. buffered.Values.Where(r => !r.Deleted)]);
    }
}
