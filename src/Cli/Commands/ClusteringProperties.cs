using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of a clustering, by Hudi's names.</summary>
internal static class ClusteringProperties
{
    private const string Plan = "hoodie.clustering.plan.strategy.";
    private const string PlanPackage = "org.apache.hudi.client.clustering.plan.strategy.";

    /// <summary>Takes what it knows out of the pairs.</summary>
    public static ClusteringOptions Take(Dictionary<string, string> pairs)
    {
        var d = new ClusteringOptions();
        T Get<T>(string key, T otherwise, Func<string, string, T> convert) => pairs.Remove(key, out var value) ? convert(key, value) : otherwise;
        var (strategy, filter) = Get(Plan + "class", (d.Strategy, d.Partitions), Strategy);
        var executed = Get("hoodie.clustering.execution.strategy.class", strategy, Execution);
        if (executed != strategy)
        {
            throw new UsageException("--option hoodie.clustering.execution.strategy.class: it does not go with hoodie.clustering.plan.strategy.class");
        }

        Get("hoodie.layout.optimize.curve.build.method", true, DirectCurve);
        return d with
        {
            Strategy = strategy,
            Partitions = Get("hoodie.clustering.plan.partition.filter.mode", filter, Filter),
            SortColumns = Get(Plan + "sort.columns", d.SortColumns, (_, v) => List(v)),
            Layout = Get("hoodie.layout.optimize.strategy", d.Layout, Layout),
            TargetFileSize = Get(Plan + "target.file.max.bytes", d.TargetFileSize, Number),
            SmallFileLimit = Get(Plan + "small.file.limit", d.SmallFileLimit, Number),
            MaxGroupSize = Get(Plan + "max.bytes.per.group", d.MaxGroupSize, Number),
            MaxGroups = Get(Plan + "max.num.groups", d.MaxGroups, Count),
            SingleFileGroups = Get(Plan + "single.group.clustering.enabled", d.SingleFileGroups, WriteProperties.Boolean),
            RecentPartitions = Get(Plan + "daybased.lookback.partitions", d.RecentPartitions, Count),
            SkippedPartitions = Get(Plan + "daybased.skipfromlatest.partitions", d.SkippedPartitions, Count),
            BeginPartition = Get(Plan + "cluster.begin.partition", d.BeginPartition, (_, v) => v),
            EndPartition = Get(Plan + "cluster.end.partition", d.EndPartition, (_, v) => v),
            SelectedPartitions = Get(Plan + "partition.selected", d.SelectedPartitions, (_, v) => List(v)),
            PartitionPattern = Get(Plan + "partition.regex.pattern", d.PartitionPattern, (_, v) => v),
            MaxCommits = Get("hoodie.clustering.inline.max.commits", d.MaxCommits, Count),
            MaxBuckets = Get("hoodie.bucket.index.max.num.buckets", d.MaxBuckets, (k, v) => Count(k, v)),
            MinBuckets = Get("hoodie.bucket.index.min.num.buckets", d.MinBuckets, (k, v) => Count(k, v)),
            SplitThreshold = Get("hoodie.bucket.index.split.threshold", d.SplitThreshold, Share),
            MergeThreshold = Get("hoodie.bucket.index.merge.threshold", d.MergeThreshold, Share),
        };
    }

    /// <summary>What a write does about clustering, and about clusterings that are in its way.</summary>
    public static (InlineClustering Inline, ClusteringUpdates Updates) TakeInline(Dictionary<string, string> pairs)
    {
        bool Flag(string key) => pairs.Remove(key, out var value) && WriteProperties.Boolean(key, value);
        var (schedules, executes, rollsBack) = (Flag("hoodie.clustering.schedule.inline"), Flag("hoodie.clustering.inline"), Flag("hoodie.clustering.rollback.pending.replacecommit.on.conflict"));
        return (executes ? InlineClustering.Execute : schedules ? InlineClustering.Schedule : InlineClustering.None, rollsBack ? ClusteringUpdates.RollBackClustering : ClusteringUpdates.Reject);
    }

    /// <summary>The options of a clustering given by hand: what is not known is refused.</summary>
    public static ClusteringOptions Read(Dictionary<string, string> pairs)
    {
        try
        {
            var options = Take(pairs) with { DropMetadataTable = MetadataOption.Take(pairs) };
            return pairs.Count == 0 ? options : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to clusterings");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public static IReadOnlyList<string> List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static ClusteringLayout Layout(string key, string value) => value.ToUpperInvariant() switch
    {
        "LINEAR" => ClusteringLayout.Linear,
        "ZORDER" or "Z-ORDER" => ClusteringLayout.ZOrder,
        "HILBERT" => ClusteringLayout.Hilbert,
        _ => throw new UsageException($"{key}: {value} is not LINEAR, ZORDER or HILBERT"),
    };

    private static bool DirectCurve(string key, string value) => value.Equals("direct", StringComparison.OrdinalIgnoreCase) ? true : throw new LakehouseException(
        LakehouseErrorKind.Unsupported, $"Curves built by '{value}' ({key}) are not supported", remedy: "Use direct, Hudi's default, or let Spark cluster the table");

    // With or without Hudi's package. The older classes stand for a partition filter.
    private static (ClusteringStrategy Strategy, ClusteringPartitions Partitions) Strategy(string key, string value) => value.Replace(PlanPackage, string.Empty, StringComparison.Ordinal) switch
    {
        "SparkSizeBasedClusteringPlanStrategy" => (ClusteringStrategy.Size, ClusteringPartitions.All),
        "SparkRecentDaysClusteringPlanStrategy" => (ClusteringStrategy.Size, ClusteringPartitions.Recent),
        "SparkSelectedPartitionsClusteringPlanStrategy" => (ClusteringStrategy.Size, ClusteringPartitions.Range),
        // Which of the two it is, the table says.
        "SparkConsistentBucketClusteringPlanStrategy" => (ClusteringStrategy.Size, ClusteringPartitions.All),
        "SparkSingleFileSortPlanStrategy" => (ClusteringStrategy.SingleFile, ClusteringPartitions.All),
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"The clustering strategy '{value}' ({key}) is not supported", remedy: "Use SparkSizeBasedClusteringPlanStrategy or SparkSingleFileSortPlanStrategy"),
    };

    private static ClusteringStrategy Execution(string key, string value) => value[(value.LastIndexOf('.') + 1)..] switch
    {
        "SparkSortAndSizeExecutionStrategy" or "SparkConsistentBucketClusteringExecutionStrategy" => ClusteringStrategy.Size,
        "SparkSingleFileSortExecutionStrategy" => ClusteringStrategy.SingleFile,
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"The clustering strategy '{value}' ({key}) is not supported", remedy: "Use SparkSortAndSizeExecutionStrategy or SparkSingleFileSortExecutionStrategy"),
    };

    private static ClusteringPartitions Filter(string key, string value) => value.ToUpperInvariant() switch
    {
        "NONE" => ClusteringPartitions.All,
        "RECENT_DAYS" => ClusteringPartitions.Recent,
        "SELECTED_PARTITIONS" => ClusteringPartitions.Range,
        "DAY_ROLLING" => ClusteringPartitions.DayRolling,
        _ => throw new UsageException($"--option {key}: {value} is not NONE, RECENT_DAYS, SELECTED_PARTITIONS or DAY_ROLLING"),
    };

    private static int Count(string key, string value) => checked((int)Number(key, value));

    private static double Share(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n >= 0 ? n : throw new UsageException($"--option {key}: {value} is not a number from 0 on");

    private static long Number(string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--option {key}: {value} is not a whole number");
}
