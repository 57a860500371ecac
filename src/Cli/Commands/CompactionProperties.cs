using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of a compaction, by Hudi's names.</summary>
internal static class CompactionProperties
{
    private const string StrategyPackage = "org.apache.hudi.table.action.compact.strategy.";

    /// <summary>Takes what it knows out of the pairs.</summary>
    public static CompactionOptions Take(Dictionary<string, string> pairs, bool dropMetadataTable = false, bool dryRun = false)
    {
        var d = new CompactionOptions();
        T Get<T>(string key, T otherwise, Func<string, string, T> convert) => pairs.Remove(key, out var value) ? convert(key, value) : otherwise;
        return new CompactionOptions
        {
            Trigger = Get("hoodie.compact.inline.trigger.strategy", d.Trigger, Trigger),
            DeltaCommits = Get("hoodie.compact.inline.max.delta.commits", d.DeltaCommits, Count),
            Elapsed = Get("hoodie.compact.inline.max.delta.seconds", d.Elapsed, (k, v) => TimeSpan.FromSeconds(Count(k, v))),
            Strategy = Get("hoodie.compaction.strategy", d.Strategy, Strategy),
            TargetIo = Get("hoodie.compaction.target.io", d.TargetIo, (k, v) => checked(Number(k, v) << 20)),
            LogSizeThreshold = Get("hoodie.compaction.logfile.size.threshold", d.LogSizeThreshold, Number),
            LogCountThreshold = Get("hoodie.compaction.logfile.num.threshold", d.LogCountThreshold, Count),
            TargetPartitions = Get("hoodie.compaction.daybased.target.partitions", d.TargetPartitions, Count),
            LogBlocksThreshold = Get("hoodie.log.compaction.blocks.threshold", d.LogBlocksThreshold, Count),
            DryRun = dryRun,
            DropMetadataTable = dropMetadataTable, // what Hudi does with hoodie.metadata.enable=false
        };
    }

    /// <summary>The options of a compaction given by hand: what is not known is refused.</summary>
    public static CompactionOptions Read(Dictionary<string, string> pairs, bool dryRun = false)
    {
        try
        {
            var drop = pairs.Remove("hoodie.metadata.enable", out var enable) && !WriteProperties.Boolean("hoodie.metadata.enable", enable);

            var options = Take(pairs, drop, dryRun);
            return pairs.Count == 0
                ? options
                : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to compactions");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static CompactionTrigger Trigger(string key, string value) => value.ToUpperInvariant() switch
    {
        "NUM_COMMITS" => CompactionTrigger.Commits,
        "NUM_COMMITS_AFTER_LAST_REQUEST" => CompactionTrigger.CommitsSinceRequest,
        "TIME_ELAPSED" => CompactionTrigger.Time,
        "NUM_AND_TIME" => CompactionTrigger.CommitsAndTime,
        "NUM_OR_TIME" => CompactionTrigger.CommitsOrTime,
        _ => throw new UsageException($"--option {key}: {value} is not NUM_COMMITS, NUM_COMMITS_AFTER_LAST_REQUEST, TIME_ELAPSED, NUM_AND_TIME or NUM_OR_TIME"),
    };

    // With or without Hudi's package.
    private static CompactionStrategy Strategy(string key, string value) => value.Replace(StrategyPackage, string.Empty, StringComparison.Ordinal) switch
    {
        "LogFileSizeBasedCompactionStrategy" => CompactionStrategy.LogSize,
        "LogFileNumBasedCompactionStrategy" => CompactionStrategy.LogCount,
        "BoundedIOCompactionStrategy" => CompactionStrategy.BoundedIo,
        "DayBasedCompactionStrategy" => CompactionStrategy.Days,
        "UnBoundedCompactionStrategy" => CompactionStrategy.Unbounded,
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported,
            $"The compaction strategy '{value}' ({key}) is not supported",
            remedy: "Use LogFileSizeBasedCompactionStrategy, LogFileNumBasedCompactionStrategy, BoundedIOCompactionStrategy, DayBasedCompactionStrategy or UnBoundedCompactionStrategy"),
    };

    private static int Count(string key, string value) => checked((int)Number(key, value));

    private static long Number(string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--option {key}: {value} is not a whole number");
}
