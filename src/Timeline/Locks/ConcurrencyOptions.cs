using OllaLab.Lakehouse.Locks;

namespace OllaLab.Lakehouse;

/// <summary>How the writers of a table go together: those of this process, of other processes, and those of other engines. All of them must be configured alike. Each default is Hudi's unless said.</summary>
public sealed class ConcurrencyOptions
{
    private readonly TimeSpan lockTimeout = TimeSpan.FromMinutes(6);
    private readonly TimeSpan maxClockSkew = TimeSpan.FromMilliseconds(200);
    private readonly TimeSpan heartbeatInterval = TimeSpan.FromSeconds(60);
    private readonly int heartbeatMisses = 2;
    private readonly int conflictRetries;

    /// <summary>Whether there are other writers than this process; default <see cref="WriteConcurrencyMode.SingleWriter"/> (hoodie.write.concurrency.mode).</summary>
    public WriteConcurrencyMode Mode { get; init; } = WriteConcurrencyMode.SingleWriter;

    /// <summary>
    /// What happens to writes that another writer left pending; null, the default: <see cref="FailedWritesPolicy.Eager"/> with a single writer, <see cref="FailedWritesPolicy.Lazy"/> otherwise, where
    /// eager is refused (hoodie.clean.failed.writes.policy).
    /// </summary>
    public FailedWritesPolicy? FailedWrites { get; init; }

    /// <summary>
    /// Makes the lock that writers in several processes share, from <see cref="LockProviders"/> or of your own; null, the default: the storage-based one where the storage can do it, else the file
    /// (hoodie.write.lock.provider, which Hudi wants named). A factory that returns null means this process alone. With a single writer it is not used.
    /// </summary>
    public Func<LockContext, ILockProvider?>? LockProvider { get; init; }

    /// <summary>How long to wait for the lock; at least 1 s; default 6 minutes, so that a dead holder's lease of 5 minutes ends (hoodie.write.lock.wait_time_ms times hoodie.write.lock.client.num_retries, where given).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 s.</exception>
    public TimeSpan LockTimeout
    {
        get => ExactLockTimeout ?? lockTimeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            lockTimeout = value;
        }
    }

    /// <summary>
    /// By what the clocks of two writers may differ, 0 to 1 minute; default 200 ms (hoodie.time.generator.max_expected_clock_skew_ms). The lock is held for at least that long after a time was issued, so
    /// that Java's writers, who do not look at the timeline, issue later ones. Where all writers are of this engine it may be 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public TimeSpan MaxClockSkew
    {
        get => maxClockSkew;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            maxClockSkew = value;
        }
    }

    /// <summary>How often a writer shows that it lives, at least 1 s; default 60 s (hoodie.client.heartbeat.interval_in_ms). Only where failed writes are cleaned lazily.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 s.</exception>
    public TimeSpan HeartbeatInterval
    {
        get => ExactHeartbeatInterval ?? heartbeatInterval;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            heartbeatInterval = value;
        }
    }

    /// <summary>How many intervals may pass without a heartbeat until a writer counts as dead, at least 1; default 2 (hoodie.client.heartbeat.tolerable.misses).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int HeartbeatMisses
    {
        get => heartbeatMisses;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            heartbeatMisses = value;
        }
    }

    /// <summary>Whether a write looks at the markers of other living writers before it makes a file, so as to fail early; default false (hoodie.write.concurrency.early.conflict.detection.enable).</summary>
    public bool EarlyConflictDetection { get; init; }

    /// <summary>Who gives way where a write and a clustering meet; default <see cref="ConflictResolution.Simple"/> (hoodie.write.lock.conflict.resolution.strategy).</summary>
    public ConflictResolution ConflictResolution { get; init; } = ConflictResolution.Simple;

    /// <summary>
    /// How often a write that lost to another is made again on the table as it is then, with a random pause before; 0 to 100; default 0 (hoodie.write.num.retries.on.conflict.failures). A bulk insert,
    /// whose input is read as it is written, is not made again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int ConflictRetries
    {
        get => conflictRetries;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            conflictRetries = value;
        }
    }

    /// <summary>The same from Hudi's own options.</summary>
    /// <param name="properties">Those that are not about concurrency are passed over.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/>: a lock provider or strategy that is not known here; <see cref="LakehouseErrorKind.InvalidInput"/>: a value that is none.</exception>
    public static ConcurrencyOptions FromProperties(IReadOnlyDictionary<string, string> properties) => new ConcurrencyProperties(properties).Read();

    /// <summary>Whether an option of Hudi's is one of these.</summary>
    /// <param name="name">As in hoodie.write.lock.provider.</param>
    public static bool IsProperty(string name) => ConcurrencyProperties.Knows(name);

    /// <summary>A wait below the least that users may set: for tests.</summary>
    internal TimeSpan? ExactLockTimeout { get; init; }

    /// <summary>An interval below the least that users may set: for tests.</summary>
    internal TimeSpan? ExactHeartbeatInterval { get; init; }

    /// <summary>Whether other writers than this process are to be reckoned with.</summary>
    internal bool HasOtherWriters => Mode != WriteConcurrencyMode.SingleWriter;

    /// <summary>What holds for failed writes.</summary>
    internal FailedWritesPolicy EffectiveFailedWrites => FailedWrites ?? (HasOtherWriters ? FailedWritesPolicy.Lazy : FailedWritesPolicy.Eager);

    /// <summary>How old the last heartbeat of a dead writer is.</summary>
    internal TimeSpan HeartbeatTimeout => HeartbeatInterval * HeartbeatMisses;
}
