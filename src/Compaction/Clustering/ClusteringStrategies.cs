using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>What a plan's execution class and parameters mean.</summary>
internal static class ClusteringStrategies
{
    /// <summary>Of Hudi's execution classes for Spark.</summary>
    public const string Package = "org.apache.hudi.client.clustering.run.strategy.";

    private const string SortColumns = "hoodie.clustering.plan.strategy.sort.columns";

    // Hudi does not write it into a plan: its executor is told. Other parameters than the sort columns it passes over.
    private const string Layout = "hoodie.layout.optimize.strategy";

    // They differ in how they go about it on Spark or Flink.
    private static readonly string[] BySize =
        ["SparkSortAndSizeExecutionStrategy", "SingleSparkJobExecutionStrategy", "SparkStreamCopyClusteringExecutionStrategy", "SparkBinaryCopyClusteringExecutionStrategy", "JavaSortAndSizeExecutionStrategy"];

    private static readonly string[] Buckets = ["SparkConsistentBucketClusteringExecutionStrategy", "SingleSparkJobConsistentHashingExecutionStrategy"];

    private static readonly string[] SingleFile = ["SparkSingleFileSortExecutionStrategy"];

    public static IReadOnlyDictionary<string, string> Parameters(ClusteringOptions options)
    {
        var parameters = new Dictionary<string, string>();
        if (options.SortColumns.Count > 0)
        {
            parameters[SortColumns] = string.Join(',', options.SortColumns);
            if (options.Layout != ClusteringLayout.Linear)
            {
                parameters[Layout] = options.Layout == ClusteringLayout.ZOrder ? "ZORDER" : "HILBERT";
            }
        }

        return parameters;
    }

    /// <summary>The sort columns of a plan.</summary>
    public static IReadOnlyList<string> SortColumnsOf(ClusteringPlan plan) =>
        plan.Parameters.GetValueOrDefault(SortColumns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>How they are sorted; another engine's plan does not say.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="otherwise">For a plan that does not say.</param>
    public static ClusteringLayout LayoutOf(ClusteringPlan plan, ClusteringLayout otherwise) => plan.Parameters.GetValueOrDefault(Layout)?.ToUpperInvariant() switch
    {
        null => otherwise,
        "LINEAR" => ClusteringLayout.Linear,
        "ZORDER" or "Z-ORDER" => ClusteringLayout.ZOrder,
        "HILBERT" => ClusteringLayout.Hilbert,
        var other => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The clustering plan asks for the layout '{other}', which is not known", remedy: "Let the engine that planned the clustering execute it"),
    };

    /// <summary>Whether it changes the buckets of a consistent hashing index.</summary>
    public static bool ResizesBuckets(ClusteringPlan plan) => Buckets.Contains(NameOf(plan));

    /// <summary>Whether each slice stays its own file group.</summary>
    /// <exception cref="LakehouseException">The execution class is not one that this engine knows.</exception>
    public static bool IsSingleFile(ClusteringPlan plan)
    {
        var name = NameOf(plan);
        return SingleFile.Contains(name) || (BySize.Contains(name) || Buckets.Contains(name)
            ? false
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The clustering plan is for the execution strategy '{plan.ExecutionClass}', which is not supported", remedy: "Let the engine that planned the clustering execute it"));
    }

    private static string NameOf(ClusteringPlan plan) => plan.ExecutionClass[(plan.ExecutionClass.LastIndexOf('.') + 1)..];
}
