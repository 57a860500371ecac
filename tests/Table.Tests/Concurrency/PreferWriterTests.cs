using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>A write and a clustering that meet in a file group: who gives way, by the strategy that all are told (hoodie.write.lock.conflict.resolution.strategy).</summary>
public sealed class PreferWriterTests
{
    private static readonly ClusteringOptions All = new() { SmallFileLimit = 1 << 30, MaxCommits = 1 };

    public static TheoryData<TableType, int> Tables => new() { { TableType.CopyOnWrite, 9 }, { TableType.CopyOnWrite, 6 }, { TableType.MergeOnRead, 8 } };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_clustering_gives_way_to_a_write_under_way(TableType type, int version)
    {
        var (objects, writing, goOn, services) = await BeginAsync(type, version, ConflictResolution.PreferWriter);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => services.ClusterAsync(All));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Contains("gives way", error.Message);
        goOn.SetResult();
        Assert.Equal((await writing).Instant, error.Instant);
        Assert.Contains("k002 a 7", await Writers.RowsAsync(objects));

        // Its plan is not what the table is any more; rolled back, another one goes through.
        Assert.Single(await services.RollBackClusteringAsync());
        Assert.Single(await services.ClusterAsync(All));
        var rows = await Writers.RowsAsync(objects);
        Assert.Equal(30, rows.Count);
        Assert.Contains("k002 a 7", rows);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_write_completes_though_a_clustering_of_its_file_group_was_planned_meanwhile(TableType type, int version)
    {
        var (objects, writing, goOn, services) = await BeginAsync(type, version, ConflictResolution.PreferWriter);
        Assert.NotNull(await services.ScheduleClusteringAsync(All));
        goOn.SetResult();
        await writing;
        Assert.Contains("k002 a 7", await Writers.RowsAsync(objects));
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => services.ExecuteClusteringAsync())).Kind);
        Assert.Contains("k002 a 7", await Writers.RowsAsync(objects));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Otherwise_the_write_gives_way(TableType type, int version)
    {
        var (objects, writing, goOn, services) = await BeginAsync(type, version, ConflictResolution.Simple);
        Assert.Single(await services.ClusterAsync(All));
        goOn.SetResult();
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => writing)).Kind);
        Assert.DoesNotContain("k002 a 7", await Writers.RowsAsync(objects));
    }

    [Fact]
    public async Task A_write_to_other_file_groups_is_in_nobodys_way()
    {
        var (objects, writing, goOn, services) = await BeginAsync(TableType.CopyOnWrite, 9, ConflictResolution.PreferWriter);
        Assert.Single(await services.ClusterAsync(All with { SelectedPartitions = ["b"] }));
        goOn.SetResult();
        await writing;
        Assert.Contains("k002 a 7", await Writers.RowsAsync(objects));
    }

    /// <summary>A write that has announced its first file, and one who clusters.</summary>
    private static async Task<(Storage.MemoryObjectStore Objects, Task<WriteResult> Writing, TaskCompletionSource GoOn, LakehouseTable Services)> BeginAsync(TableType type, int version, ConflictResolution resolution)
    {
        var concurrency = new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, MaxClockSkew = TimeSpan.Zero, ConflictResolution = resolution };
        var objects = await TestTable.MakeAsync(version, type);
        var (a, storeA) = await Writers.OpenAsync(objects, concurrency);
        var (services, _) = await Writers.OpenAsync(objects, concurrency);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var writing = Writers.UpsertAsync(a, TestTable.Of(2, 7));
        await reached;
        return (objects, writing, goOn, services);
    }
}
