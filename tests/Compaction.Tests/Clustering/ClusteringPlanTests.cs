using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>Plans made of the tables that Hudi planned clusterings of, as they were at that time.</summary>
public sealed class ClusteringPlanTests
{
    [Theory]
    [InlineData("v6/cow_clustering")]
    [InlineData("v8/cow_clustering")]
    [InlineData("v9/cow_clustering")]
    [InlineData("v9/mor_clustering")]
    public async Task A_plan_is_Hudis(string name)
    {
        var golden = Golden.Open(name);
        var (instant, java, file) = await PlanAsync(golden);
        var options = new ClusteringOptions { SortColumns = java.Parameters["hoodie.clustering.plan.strategy.sort.columns"].Split(',') };
        var past = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
        var requested = await new ClusteringScheduler(past.Client, past.Config, options, 120L << 20).ScheduleAsync(always: true, default);
        Assert.Equal(instant with { State = InstantState.Requested }, requested);
        var ours = (await past.Client.ReadClusteringPlanAsync(requested!))!;
        Assert.Equal((java.ExecutionClass, java.Groups.Count), (ours.ExecutionClass, ours.Groups.Count));
        Assert.Equal(java.Parameters, ours.Parameters);
        foreach (var (theirs, mine) in java.Groups.OrderBy(g => g.PartitionPath).Zip(ours.Groups))
        {
            Assert.Equal((theirs.PartitionPath, theirs.Outputs), (mine.PartitionPath, mine.Outputs));
            Assert.Equal(theirs.Metrics, mine.Metrics);
            Assert.Equal(Describe(theirs), Describe(mine));
        }

        // What is left is for the next plan, whoever makes it.
        var fresh = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
        var part = (await new ClusteringScheduler(fresh.Client, fresh.Config, options with { MaxGroups = 1 }, 120L << 20).PlanAsync(await fresh.Client.LoadAsync(), default))!;
        Assert.Equal(ours.Groups.Skip(1).Select(g => g.PartitionPath), ClusteringPlan.Read(part.Write())!.MissingPartitions);

        // Read and written again it is the same record, but for who wrote it: of older releases the last field is missing.
        Assert.Equal(Describe(java), Describe(ClusteringPlan.Read(java.Write())!));
        if (name.StartsWith("v9", StringComparison.Ordinal))
        {
            Assert.Equal(Body(file), Body(java.Write()));
        }
    }

    [Fact]
    public void Small_files_are_packed_the_largest_first()
    {
        var options = new ClusteringOptions { SmallFileLimit = 100, MaxGroupSize = 120, TargetFileSize = 50 };
        FileSlice[] slices = [Slice("a", 30), Slice("b", 99), Slice("c", 100), Slice("d", 40), Slice("e", 60), Slice("f", 5)];
        string[] Pack(ClusteringOptions settings) => [.. new ClusteringGroups("/t/", settings, 1_000).Of(slices).Select(g => $"{string.Join("", g.Slices.Select(s => s.FileId))}:{g.Outputs}")];
        Assert.Equal(["b:2", "ed:2", "af:1"], Pack(options));
        Assert.Equal(["ed:2", "af:1"], Pack(options with { SingleFileGroups = false }));
        Assert.Equal(["b:1", "e:1", "d:1", "a:1", "f:1"], Pack(options with { Strategy = ClusteringStrategy.SingleFile }));
        Assert.Equal("/t/p/a_0-0-0_20260101000000000.parquet", new ClusteringGroups("/t/", options, 1).Of([slices[0]]).Single().Slices[0].BasePath);
    }

    [Fact]
    public void Partitions_are_chosen_by_name_day_range_and_hour()
    {
        string[] all = ["2024/01/01", "2024/01/02", "2024/01/03", "2024/02/01"];
        string Select(ClusteringOptions options, int hour = 0) => string.Join(' ', PartitionSelection.Select(all, options, hour).Select(p => p[5..]));
        Assert.Equal("01/01 01/02 01/03 02/01", Select(new ClusteringOptions()));
        Assert.Equal("01/02 01/03", Select(new ClusteringOptions { Partitions = ClusteringPartitions.Recent, SkippedPartitions = 1 }));
        Assert.Equal("01/02 01/03", Select(new ClusteringOptions { Partitions = ClusteringPartitions.Range, BeginPartition = "2024/01/02", EndPartition = "2024/01/03" }));
        Assert.Equal("01/02", Select(new ClusteringOptions { Partitions = ClusteringPartitions.DayRolling }, 1));
        Assert.Equal("01/03", Select(new ClusteringOptions { SelectedPartitions = ["2024/01/03", "2025/01/01"], PartitionPattern = ".*" }));
        Assert.Equal("01/01 01/02 01/03", Select(new ClusteringOptions { PartitionPattern = "2024/01.*" }));
        Assert.Empty(Select(new ClusteringOptions { PartitionPattern = "01" }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => Select(new ClusteringOptions { PartitionPattern = "(" })).Kind);
    }

    private static async Task<(Instant Instant, ClusteringPlan Plan, byte[] File)> PlanAsync(Golden golden)
    {
        var past = await GoldenPast.CopyAsync(golden, "99999999999999999");
        var completed = (await past.Client.LoadAsync()).CompletedWrites.First(i => i.Action == Actions.ReplaceCommit);
        var requested = new Instant(completed.RequestedTime, past.Client.Layout.OrdersByCompletion ? Actions.Clustering : Actions.ReplaceCommit, InstantState.Requested);
        return (requested, (await past.Client.ReadClusteringPlanAsync(requested))!, (await past.Store.ReadAsync(past.Client.PathOf(requested))).ToArray());
    }

    private static string Describe(ClusteringPlan plan) => string.Join('\n', plan.Groups.Select(Describe));

    // Files of one size are in no particular order; the folder is that of the copy.
    private static string Describe(ClusteringGroup group) =>
        $"{group.PartitionPath} {group.Outputs}: " + string.Join(' ', group.Slices.Select(s => $"{s.FileId} {s.BaseFileName} {string.Join(',', s.LogFileNames)}").Order(StringComparer.Ordinal));

    // The record: the header has the writer's own order of entries and a random sync marker.
    private static byte[] Body(byte[] container)
    {
        var sync = container.AsSpan(^16..);
        var start = container.AsSpan(0, container.Length - 16).IndexOf(sync) + 16;
        return container[start..^16];
    }

    private static FileSlice Slice(string id, long length)
    {
        Assert.True(FileNames.TryParseBaseFile("p", $"{id}_0-0-0_20260101000000000.parquet", length, out var file));
        return new FileSlice("p", id, "20260101000000000", file, [], null);
    }
}
