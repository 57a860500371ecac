using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>A log of one key, a block a record, and at most one base row.</summary>
internal sealed class LogMergeOutcome(MergeRule rule, LogRow[] log, LogRow? stored, TableSchema? schema = null)
{
    public LogMergeOutcome(MergeRule rule, LogRow[] log, long? storedTs)
        : this(rule, log, storedTs is { } ts ? new LogRow("k", ts, "stored", 50) : null)
    {
    }

    /// <summary>The key's row in the end; null: none.</summary>
    public async Task<LogRow?> RunAsync()
    {
        using var merge = new LogMerge(rule, schema ?? LogBatches.Table, LogBatches.Table.Arrow, 1L << 40);
        foreach (var row in log)
        {
            merge.Add([row]);
        }

        LogRow[] rows = stored is null ? [] : [stored];
        await using var changes = await merge.ResolveAsync(LogBatches.Stored(rows, merge.BaseColumns), CancellationToken.None);
        var (left, inserts) = LogBatches.Apply(changes, rows);
        return Assert.Single(left.Concat(inserts).DefaultIfEmpty());
    }
}
