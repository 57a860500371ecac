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

/// <summary>Who gives way where a write and a clustering meet in the same file groups. All writers and services of a table must be configured alike.</summary>
public enum ConflictResolution
{
    /// <summary>The write: to a clustering that is planned, and to whoever completed first (SimpleConcurrentFileWritesConflictResolutionStrategy).</summary>
    Simple,

    /// <summary>
    /// The clustering: to writes that are under way when it is about to complete, and to those that completed since it was planned (PreferWriterConflictResolutionStrategy). Among writes the first to
    /// complete wins.
    /// </summary>
    PreferWriter,
}
