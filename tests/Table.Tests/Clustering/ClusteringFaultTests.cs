using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Clustering;

/// <summary>Each storage operation of a clustering fails in turn, in each way: the table reads the same all the time, and the clustering can run again.</summary>
public sealed class ClusteringFaultTests
{
    private static readonly ClusteringOptions Options = new() { SortColumns = ["text"] };

    public static TheoryData<int, TableType, Fault, bool> Changes()
    {
        var cases = new TheoryData<int, TableType, Fault, bool>();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            cases.Add(9, TableType.MergeOnRead, fault, true);
        }

        cases.Add(9, TableType.CopyOnWrite, Fault.Before, false);
        cases.Add(8, TableType.CopyOnWrite, Fault.Before, true);
        cases.Add(6, TableType.MergeOnRead, Fault.Before, true);
        cases.Add(6, TableType.CopyOnWrite, Fault.LostReply, true);
        cases.Add(6, TableType.CopyOnWrite, Fault.Torn, false);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_change_may_fail(int version, TableType type, Fault fault, bool dies) =>
        await CheckAsync(await TestTable.MakeAsync(version, type), n => FaultPlan.At(n, fault, dies), least: 9);

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Each_reading_may_fail(int version) =>
        await CheckAsync(await TestTable.MakeAsync(version), n => FaultPlan.At(n, Fault.Before, counts: static o => !o.Mutates), least: 20);

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Each_change_of_a_second_run_may_fail(int version)
    {
        // Dead just before the commit: markers and files are there.
        var dead = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        var count = FaultPlan.None();
        await RunAsync(await TestTable.CopyAsync(dead), count);
        await RunAsync(dead, FaultPlan.At(count.Log.Count(o => o.Mutates) - 1, Fault.Before, dies: true));
        Assert.Contains((await StateAsync(dead)).Pending, i => i.Action == (version == 6 ? Actions.ReplaceCommit : Actions.Clustering) && i.State == InstantState.Inflight);
        foreach (var fault in new[] { Fault.Before, Fault.LostReply })
        {
            await CheckAsync(dead, n => FaultPlan.At(n, fault, dies: true), least: 12);
        }
    }

    private static async Task CheckAsync(IObjectStore original, Func<int, FaultPlan> plan, int least)
    {
        var before = await TestTable.ReadAsync(original);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = plan(n);
            var error = await RunAsync(store, faults);
            await faults.ReleaseDelayedAsync();
            var where = faults.Log.FirstOrDefault(o => o.Failed is not null).ToString();
            Assert.True(error is null or LakehouseException, $"{where}: {error}");
            Assert.True(before == await TestTable.ReadAsync(store), where);
            await MetadataCheck.RunAsync(store, where);
            if (!faults.Fired)
            {
                Assert.Null(error);
                Assert.True(n > least, $"only {n - 1} operations were made");
                return;
            }

            // Writes of other rows go on, whatever is left; the next clustering finishes it.
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.BulkInsertAsync([Row.ToBatch([TestTable.Of(900, 9)])]);
            var after = await TestTable.ReadAsync(store);
            Assert.Contains("k900", after, StringComparison.Ordinal);
            await table.ClusterAsync(Options);
            Assert.True(after == await TestTable.ReadAsync(store), where);
            var timeline = await StateAsync(store);
            Assert.True(!timeline.Pending.Any(), $"{where}: {string.Join(", ", timeline.Pending)}");
            Assert.True((await new FileSystemView((await table.RefreshAsync()).Client, timeline).GetAllSlicesAsync()).GroupBy(s => s.PartitionPath).All(p => p.Count() == 1), where);
            await MetadataCheck.RunAsync(store, where);

            // Markers that could not be removed after the commit are of no harm.
            Assert.All((await TestTable.ListAsync(store)).Keys.Where(p => p.StartsWith(".hoodie/.temp/", StringComparison.Ordinal)), p => Assert.NotNull(timeline.FindCompletedWrite(p.Split('/')[2])));
        }
    }

    private static async Task<Exception?> RunAsync(IObjectStore store, FaultPlan plan) => await Record.ExceptionAsync(async () =>
    {
        await using var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
        await table.ClusterAsync(Options);
    });

    private static async Task<ActiveTimeline> StateAsync(IObjectStore store)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        return (await table.RefreshAsync()).Timeline;
    }
}
