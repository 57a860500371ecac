namespace OllaLab.Lakehouse;

/// <summary>How a clustering orders rows by its sort columns (hoodie.layout.optimize.strategy).</summary>
public enum ClusteringLayout
{
    /// <summary>By the first column, rows that are equal there by the second, and so on.</summary>
    Linear,

    /// <summary>By all columns at once, along a Z-order curve: conditions on any of them leave files out.</summary>
    ZOrder,

    /// <summary>By all columns at once, along a Hilbert curve: better kept together than by Z-order, for more work.</summary>
    Hilbert,
}

/// <summary>What a clustering makes of file groups (hoodie.clustering.plan.strategy.class, hoodie.clustering.execution.strategy.class).</summary>
public enum ClusteringStrategy
{
    /// <summary>Small files are put together into files of a target size.</summary>
    Size,

    /// <summary>Each small file is sorted on its own and stays its own file group.</summary>
    SingleFile,
}

/// <summary>Which partitions a clustering looks at (hoodie.clustering.plan.partition.filter.mode).</summary>
public enum ClusteringPartitions
{
    /// <summary>All.</summary>
    All,

    /// <summary>The latest by name: <see cref="ClusteringOptions.RecentPartitions"/>, after those that are passed over.</summary>
    Recent,

    /// <summary>Those between <see cref="ClusteringOptions.BeginPartition"/> and <see cref="ClusteringOptions.EndPartition"/>.</summary>
    Range,

    /// <summary>Each hour of the day another 24th of them.</summary>
    DayRolling,
}

/// <summary>Whether a write plans a clustering afterwards, and executes it (hoodie.clustering.schedule.inline, hoodie.clustering.inline).</summary>
public enum InlineClustering
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>It plans one where enough commits came since the last, for another process to execute.</summary>
    Schedule,

    /// <summary>It executes what is planned, then plans one where enough commits came since the last, and executes that.</summary>
    Execute,
}

/// <summary>What becomes of a write that changes rows for which a clustering is planned (hoodie.clustering.updates.strategy, hoodie.clustering.rollback.pending.replacecommit.on.conflict).</summary>
public enum ClusteringUpdates
{
    /// <summary>The write is refused (SparkRejectUpdateStrategy).</summary>
    Reject,

    /// <summary>The clustering is rolled back, plan and all, and the write goes on (SparkAllowUpdateStrategy).</summary>
    RollBackClustering,
}
