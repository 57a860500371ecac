using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>Partitions whose time is over.</summary>
public sealed class PartitionTtlTests
{
    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    public async Task Partitions_expire_by_their_last_or_first_write(int version, TableType type)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new MemoryObjectStore("ttl" + version);
        var resources = new LakehouseOptions { Environment = new LakehouseEnvironment(clock, Guid.NewGuid), Write = TestTable.Write };
        await using var table = await LakehouseTable.CreateAsync(
            store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version }, resources);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 1), TestTable.Of(1, 1)])]);
        clock.Move(TimeSpan.FromDays(5));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 2)])]);

        var ttl = new PartitionTtlOptions { DaysRetained = 6 };
        clock.Move(TimeSpan.FromDays(1.5));
        Assert.Empty((await table.ExpirePartitionsAsync(new PartitionTtlOptions())).Partitions);
        Assert.Equal(["b"], (await table.ExpirePartitionsAsync(ttl with { DryRun = true })).Partitions);
        Assert.Equal(["a", "b"], (await table.ExpirePartitionsAsync(ttl with { DryRun = true, Strategy = PartitionTtlStrategy.KeepByCreationTime })).Partitions);
        Assert.Equal(["a"], (await table.ExpirePartitionsAsync(ttl with { DryRun = true, Strategy = PartitionTtlStrategy.KeepByCreationTime, MaxPartitions = 1 })).Partitions);
        Assert.Empty((await table.ExpirePartitionsAsync(ttl with { SelectedPartitions = ["a"] })).Partitions);
        Assert.Equal(["b"], (await table.ExpirePartitionsAsync(ttl)).Partitions);
        Assert.Equal("k000 a 2 text 2", await TestTable.ReadAsync(store));
        Assert.Null((await table.ExpirePartitionsAsync(ttl)).Instant);

        // After a write, which keeps its own partition.
        clock.Move(TimeSpan.FromDays(20));
        Assert.Equal(["a"], (await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 1)])], new WriteOptions { PartitionTtl = ttl })).ExpiredPartitions);
        Assert.Equal("k003 b 1 text 1", await TestTable.ReadAsync(store));
        await MetadataCheck.RunAsync(store, "at the end");
    }
}
