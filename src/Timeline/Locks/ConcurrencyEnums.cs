namespace OllaLab.Lakehouse;

/// <summary>Who writes to a table at the same time (WriteConcurrencyMode).</summary>
public enum WriteConcurrencyMode
{
    /// <summary>This process alone; its own writes run one after the other. A pending write that it finds is a dead one's.</summary>
    SingleWriter,

    /// <summary>Several processes: of two that change the same file group at the same time the first to commit wins, and the other gets a <see cref="LakehouseErrorKind.Conflict"/>.</summary>
    OptimisticConcurrencyControl,

    /// <summary>Several processes that only log, on merge-on-read tables with a bucket index: all of them commit, and readers merge what they wrote in the order of completion.</summary>
    NonBlockingConcurrencyControl,
}

/// <summary>What happens to writes that are found pending (HoodieFailedWritesCleaningPolicy).</summary>
public enum FailedWritesPolicy
{
    /// <summary>The next write rolls them back at once, whoever left them: for a single writer.</summary>
    Eager,

    /// <summary>They are rolled back once their writer's heartbeat has stopped for long enough.</summary>
    Lazy,

    /// <summary>They stay.</summary>
    Never,
}
