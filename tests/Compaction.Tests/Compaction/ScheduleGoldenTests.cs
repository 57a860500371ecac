using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>Plans made of the tables that Hudi planned compactions of, as they were at that time.</summary>
public sealed class ScheduleGoldenTests
{
    public static TheoryData<string> Names =>
    [
        "v6/mor_pending_compaction", "v6/mor_compaction_run_late", "v8/mor_pending_compaction", "v8/mor_compaction_run_late",
        "v9/mor_pending_compaction", "v9/mor_compaction_run_late", "v9/mor_compacted",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_is_Hudis(string name)
    {
        var golden = Golden.Open(name);
        foreach (var (instant, java) in await PlansAsync(golden))
        {
            var past = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
            var requested = await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true);
            Assert.NotNull(requested);
            Assert.Equal(instant.RequestedTime, requested.RequestedTime);
            var ours = await past.Client.ReadCompactionPlanAsync(requested);
            Assert.Equivalent(java, ours, strict: true);
            Assert.Equal(java.Operations.Select(o => o.FileId), ours.Operations.Select(o => o.FileId));
            Assert.Equal(java.Operations.Select(o => string.Join(',', o.LogFileNames)), ours.Operations.Select(o => string.Join(',', o.LogFileNames)));
        }
    }

    [Theory]
    [InlineData("v8/mor_pending_compaction")]
    [InlineData("v9/mor_pending_compaction")]
    public async Task A_plans_file_is_Hudis_byte_for_byte(string name)
    {
        var golden = Golden.Open(name);
        var store = new LocalObjectStore(golden.Table);
        var (instant, _) = Assert.Single(await PlansAsync(golden));
        var past = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
        await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true);
        var java = (await store.ReadAsync(past.Client.PathOf(instant))).ToArray();
        var ours = (await past.Store.ReadAsync(past.Client.PathOf(instant))).ToArray();

        // The record; the header has the writer's own order of entries and a random sync marker.
        Assert.Equal(Body(java), Body(ours));
    }

    [Theory]
    [InlineData("v6/mor_pending_compaction")]
    [InlineData("v9/mor_pending_compaction")]
    public async Task What_a_pending_compaction_will_merge_is_not_planned_again(string name)
    {
        var golden = Golden.Open(name);
        var past = await GoldenPast.CopyAsync(golden, "99999999999999999");
        var before = await past.Client.LoadAsync();
        var requested = await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true);
        var first = before.Pending.Single(i => i.Action == Actions.Compaction);
        var planned = (await past.Client.ReadCompactionPlanAsync(first)).Operations.Select(o => o.FileId).ToHashSet();
        if (requested is not null)
        {
            Assert.DoesNotContain((await past.Client.ReadCompactionPlanAsync(requested)).Operations, o => planned.Contains(o.FileId));
        }
    }

    [Fact]
    public async Task Without_logs_nothing_is_planned()
    {
        var golden = Golden.Open("v9/mor_compacted");
        var first = (await PlansAsync(golden))[0].Instant;
        var past = await GoldenPast.CopyAsync(golden, "20261123053814643");
        Assert.Null(await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true));
        Assert.DoesNotContain((await past.Client.LoadAsync()).Instants, i => i.Action == Actions.Compaction);
        Assert.NotNull(first);
    }

    [Fact]
    public async Task Without_a_trigger_nothing_is_planned()
    {
        var golden = Golden.Open("v9/mor_pending_compaction");
        var (instant, _) = Assert.Single(await PlansAsync(golden));
        var past = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
        var scheduler = new CompactionScheduler(past.Client, past.Config, 120L << 20);
        Assert.Null(await scheduler.ScheduleAsync(new CompactionOptions(), always: false));
        Assert.NotNull(await scheduler.ScheduleAsync(new CompactionOptions { DeltaCommits = 4 }, always: false));
    }

    [Fact]
    public async Task A_version_6_table_is_not_planned_while_a_write_is_under_way()
    {
        var golden = Golden.Open("v6/mor_pending_compaction");
        var (instant, _) = Assert.Single(await PlansAsync(golden));
        var past = await GoldenPast.CopyAsync(golden, instant.RequestedTime);
        await past.Client.RequestAsync(await past.Client.LoadAsync(), Actions.DeltaCommit);
        var refusal = await Assert.ThrowsAsync<LakehouseException>(async () => await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true));
        Assert.Equal(LakehouseErrorKind.Conflict, refusal.Kind);
    }

    [Fact]
    public async Task A_copy_on_write_table_is_refused()
    {
        var past = await GoldenPast.CopyAsync(Golden.Open("v9/cow_partitioned"), "99999999999999999");
        var refusal = await Assert.ThrowsAsync<LakehouseException>(async () => await new CompactionScheduler(past.Client, past.Config, 120L << 20).ScheduleAsync(new CompactionOptions(), always: true));
        Assert.Equal(LakehouseErrorKind.InvalidInput, refusal.Kind);
    }

    private static async Task<List<(Instant Instant, CompactionPlan Plan)>> PlansAsync(Golden golden)
    {
        var past = await GoldenPast.CopyAsync(golden, "99999999999999999");
        var plans = new List<(Instant, CompactionPlan)>();
        foreach (var name in await past.Client.Store.ListNamesAsync(past.Client.Layout.Folder))
        {
            if (name.EndsWith(".compaction.requested", StringComparison.Ordinal))
            {
                var instant = new Instant(name[..17], Actions.Compaction, InstantState.Requested);
                plans.Add((instant, await past.Client.ReadCompactionPlanAsync(instant)));
            }
        }

        Assert.NotEmpty(plans);
        return plans;
    }

    // A container of one block ends with count, size, records and the 16 bytes of the sync marker, which stand before the block as well.
    private static byte[] Body(byte[] file)
    {
        var marker = file.AsSpan(file.Length - 16);
        int start = file.AsSpan(0, file.Length - 16).IndexOf(marker);
        return file[(start + 16)..^16];
    }
}
