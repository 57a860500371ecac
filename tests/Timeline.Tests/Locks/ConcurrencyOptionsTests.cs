using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;

namespace Timeline.Tests.Locks;

public class ConcurrencyOptionsTests
{
    private static ConcurrencyOptions Read(params (string Key, string Value)[] properties) => ConcurrencyOptions.FromProperties(properties.ToDictionary(p => p.Key, p => p.Value));

    [Fact]
    public void Hudi_s_names_and_defaults()
    {
        var none = Read();
        Assert.Equal(WriteConcurrencyMode.SingleWriter, none.Mode);
        Assert.Equal(FailedWritesPolicy.Eager, none.EffectiveFailedWrites);
        Assert.Equal((60_000, 2, 200), (none.HeartbeatInterval.TotalMilliseconds, none.HeartbeatMisses, none.MaxClockSkew.TotalMilliseconds));
        var given = Read(
            ("hoodie.write.concurrency.mode", "OPTIMISTIC_CONCURRENCY_CONTROL"),
            ("hoodie.write.lock.provider", "org.apache.hudi.client.transaction.lock.FileSystemBasedLockProvider"),
            ("hoodie.write.lock.filesystem.expire", "3"),
            ("hoodie.write.lock.wait_time_ms", "2000"),
            ("hoodie.write.lock.client.num_retries", "4"),
            ("hoodie.write.lock.conflict.resolution.strategy", "org.apache.hudi.client.transaction.SimpleConcurrentFileWritesConflictResolutionStrategy"),
            ("hoodie.cleaner.policy.failed.writes", "never"),
            ("hoodie.write.num.retries.on.conflict.failures", "7"),
            ("hoodie.parquet.max.file.size", "1"));
        Assert.Equal(WriteConcurrencyMode.OptimisticConcurrencyControl, given.Mode);
        Assert.Equal(FailedWritesPolicy.Never, given.EffectiveFailedWrites);
        Assert.Equal(TimeSpan.FromSeconds(10), given.LockTimeout);
        Assert.Equal(7, given.ConflictRetries);
        Assert.EndsWith("/.hoodie/lock", given.LockProvider!(new LockContext(new MemoryObjectStore(), LakehouseEnvironment.System))!.Description);
        Assert.Equal(FailedWritesPolicy.Lazy, Read(("hoodie.write.concurrency.mode", "optimistic_concurrency_control")).EffectiveFailedWrites);
    }

    [Theory]
    [InlineData("hoodie.write.lock.provider", "org.apache.hudi.client.transaction.lock.ZookeeperBasedLockProvider", LakehouseErrorKind.Unsupported)]
    [InlineData("hoodie.write.lock.zookeeper.url", "z", LakehouseErrorKind.Unsupported)]
    [InlineData("hoodie.write.lock.conflict.resolution.strategy", "my.Own", LakehouseErrorKind.Unsupported)]
    [InlineData("hoodie.write.lock.conflict.resolution.strategy", "org.acme.OwnConflictResolutionStrategy", LakehouseErrorKind.Unsupported)]
    [InlineData("hoodie.write.concurrency.mode", "two", LakehouseErrorKind.InvalidInput)]
    [InlineData("hoodie.client.heartbeat.tolerable.misses", "0", LakehouseErrorKind.InvalidInput)]
    [InlineData("hoodie.client.heartbeat.interval_in_ms", "x", LakehouseErrorKind.InvalidInput)]
    public void What_is_not_known_is_refused(string key, string value, LakehouseErrorKind kind)
    {
        var error = Assert.Throws<LakehouseException>(() => Read((key, value)));
        Assert.Equal(kind, error.Kind);
        Assert.True(kind == LakehouseErrorKind.InvalidInput || error.Message.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Several_writers_do_not_roll_back_eagerly() => Assert.Throws<LakehouseException>(() => new TableLock(
        new MemoryObjectStore(), LakehouseEnvironment.System, new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, FailedWrites = FailedWritesPolicy.Eager }));
}
