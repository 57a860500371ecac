using System.Globalization;
using OllaLab.Lakehouse.Locks;

namespace OllaLab.Lakehouse;

/// <summary>Hudi's options of concurrency (HoodieLockConfig, StorageBasedLockConfig, HoodieWriteConfig, HoodieCleanConfig, HoodieTimeGeneratorConfig) as <see cref="ConcurrencyOptions"/>. One that is not known is refused: a lock that is passed over in silence would lose rows.</summary>
internal sealed class ConcurrencyProperties(IReadOnlyDictionary<string, string> properties)
{
    private const string Mode = "hoodie.write.concurrency.mode";
    private const string Provider = "hoodie.write.lock.provider";
    private const string FileSystemPath = "hoodie.write.lock.filesystem.path";
    private const string FileSystemExpire = "hoodie.write.lock.filesystem.expire";
    private const string Validity = "hoodie.write.lock.storage.validity.timeout.secs";
    private const string Renewal = "hoodie.write.lock.storage.renew.interval.secs";
    private const string RenewalOld = "hoodie.write.lock.storage.heartbeat.poll.secs";
    private const string Wait = "hoodie.write.lock.wait_time_ms";
    private const string ClientRetries = "hoodie.write.lock.client.num_retries";
    private const string Strategy = "hoodie.write.lock.conflict.resolution.strategy";
    private const string FailedWrites = "hoodie.clean.failed.writes.policy";
    private const string FailedWritesOld = "hoodie.cleaner.policy.failed.writes";
    private const string Skew = "hoodie.time.generator.max_expected_clock_skew_ms";
    private const string HeartbeatInterval = "hoodie.client.heartbeat.interval_in_ms";
    private const string HeartbeatMisses = "hoodie.client.heartbeat.tolerable.misses";
    private const string Early = "hoodie.write.concurrency.early.conflict.detection.enable";
    private const string Retries = "hoodie.write.num.retries.on.conflict.failures";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        Mode, Provider, FileSystemPath, FileSystemExpire, Validity, Renewal, RenewalOld, Wait, ClientRetries, Strategy, FailedWrites, FailedWritesOld, Skew, HeartbeatInterval, HeartbeatMisses, Early, Retries,

        // How Java's client waits between two tries; this engine waits 20 ms to 1 s, with jitter, within the same bound.
        "hoodie.write.lock.wait_time_ms_between_retry", "hoodie.write.lock.max_wait_time_ms_between_retry", "hoodie.write.lock.client.wait_time_ms_between_retry", "hoodie.write.lock.num_retries",
    };

    public static bool Knows(string name) => Names.Contains(name) || name.StartsWith("hoodie.write.lock.", StringComparison.Ordinal);

    public ConcurrencyOptions Read()
    {
        foreach (var name in properties.Keys.Where(n => Knows(n) && !Names.Contains(n)))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The lock option {name} is not known here", remedy: "Use FileSystemBasedLockProvider, StorageBasedLockProvider or InProcessLockProvider with their options");
        }

        var resolution = Class(Strategy) switch
        {
            null or "SimpleConcurrentFileWritesConflictResolutionStrategy" or "BucketIndexConcurrentFileWritesConflictResolutionStrategy" => ConflictResolution.Simple,
            "PreferWriterConflictResolutionStrategy" => ConflictResolution.PreferWriter,
            _ => throw Unknown(Strategy, "SimpleConcurrentFileWritesConflictResolutionStrategy or PreferWriterConflictResolutionStrategy"),
        };

        var d = new ConcurrencyOptions();
        try
        {
            return new ConcurrencyOptions
            {
                Mode = Choice(Mode, d.Mode, ("single_writer", WriteConcurrencyMode.SingleWriter), ("optimistic_concurrency_control", WriteConcurrencyMode.OptimisticConcurrencyControl), ("non_blocking_concurrency_control", WriteConcurrencyMode.NonBlockingConcurrencyControl)),
                FailedWrites = Choice<FailedWritesPolicy?>(properties.ContainsKey(FailedWrites) ? FailedWrites : FailedWritesOld, null, ("EAGER", FailedWritesPolicy.Eager), ("LAZY", FailedWritesPolicy.Lazy), ("NEVER", FailedWritesPolicy.Never)),
                LockProvider = LockProvider(),
                LockTimeout = Timeout(d),
                MaxClockSkew = TimeSpan.FromMilliseconds(Number(Skew, (long)d.MaxClockSkew.TotalMilliseconds)),
                HeartbeatInterval = TimeSpan.FromMilliseconds(Number(HeartbeatInterval, (long)d.HeartbeatInterval.TotalMilliseconds)),
                HeartbeatMisses = checked((int)Number(HeartbeatMisses, d.HeartbeatMisses)),
                ConflictResolution = resolution,
                EarlyConflictDetection = Choice(Early, false, ("true", true), ("false", false)),
                ConflictRetries = checked((int)Number(Retries, d.ConflictRetries)),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "An option of concurrency is out of its range: " + e.Message.ReplaceLineEndings(" "), inner: e);
        }
    }

    private Func<LockContext, ILockProvider?>? LockProvider() => Class(Provider) switch
    {
        null => null,
        "FileSystemBasedLockProvider" => LockProviders.FileSystem(properties.GetValueOrDefault(FileSystemPath), TimeSpan.FromMinutes(Number(FileSystemExpire, 0))),
        "StorageBasedLockProvider" => LockProviders.StorageBased(TimeSpan.FromSeconds(Number(Validity, 300)), TimeSpan.FromSeconds(Number(properties.ContainsKey(Renewal) ? Renewal : RenewalOld, 30))),
        "InProcessLockProvider" => LockProviders.InProcess,
        _ => throw Unknown(Provider, "FileSystemBasedLockProvider, StorageBasedLockProvider or InProcessLockProvider"),
    };

    // One attempt of Java's and as many more as its lock manager makes.
    private TimeSpan Timeout(ConcurrencyOptions d) => properties.ContainsKey(Wait) || properties.ContainsKey(ClientRetries)
        ? TimeSpan.FromMilliseconds(Math.Min(Number(Wait, 60_000) * (1.0 + Number(ClientRetries, 50)), TimeSpan.FromDays(1).TotalMilliseconds))
        : d.LockTimeout;

    private string? Class(string key) => properties.TryGetValue(key, out var name) && name.Trim() is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('.') + 1)..] : null;

    private long Number(string key, long missing) => !properties.TryGetValue(key, out var text) ? missing
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(key, "a whole number");

    private T Choice<T>(string key, T missing, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (!properties.TryGetValue(key, out var text))
        {
            return missing;
        }

        var names = new List<string>();
        foreach (var (name, value) in choices)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }

            names.Add(name);
        }

        throw Wrong(key, string.Join(" or ", names));
    }

    private LakehouseException Wrong(string key, string expected) => new(LakehouseErrorKind.InvalidInput, $"{key}={properties[key]} is not {expected}", remedy: "Correct the option");

    private LakehouseException Unknown(string key, string known) => new(LakehouseErrorKind.Unsupported, $"{key}={properties[key]} is not known here", remedy: $"Use {known}, in all writers of the table");
}
