using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>Each storage operation of an archiving fails in turn, in each way: no instant is lost, none is pending that was not, and the next run finishes.</summary>
public sealed class ArchiveFaultTests
{
    private static readonly ArchiveOptions Options = new() { MinCommits = 2, MaxCommits = 3, HistoryBatch = 2, Clean = new CleanOptions { CommitsRetained = 1 } };

    public static TheoryData<int, Fault, bool> Cases()
    {
        var cases = new TheoryData<int, Fault, bool>();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            cases.Add(9, fault, true);
            cases.Add(6, fault, true);
        }

        cases.Add(9, Fault.Before, false);
        cases.Add(8, Fault.LostReply, false);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_change_may_fail(int version, Fault fault, bool dies) => await CheckAsync(await MakeAsync(version), n => FaultPlan.At(n, fault, dies), least: version == 6 ? 9 : 12);

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Each_reading_may_fail(int version) => await CheckAsync(await MakeAsync(version), n => FaultPlan.At(n, Fault.Before, counts: static o => !o.Mutates), least: 8);

    private static async Task CheckAsync(IObjectStore original, Func<int, FaultPlan> plan, int least)
    {
        var before = await TestTable.ReadAsync(original);
        var commits = await CommitsAsync(original);
        var whole = await TestTable.CopyAsync(original);
        Assert.Null(await RunAsync(whole, FaultPlan.None()));
        var active = await ActiveAsync(whole);
        Assert.True(active.Count < (await ActiveAsync(original)).Count);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = plan(n);
            var error = await RunAsync(store, faults);
            await faults.ReleaseDelayedAsync();
            var where = faults.Log.FirstOrDefault(o => o.Failed is not null).ToString();
            Assert.True(error is null or LakehouseException, $"{where}: {error}");
            Assert.True(before == await TestTable.ReadAsync(store), where);
            Assert.Equal(commits, await CommitsAsync(store));
            if (!faults.Fired)
            {
                Assert.Null(error);
                Assert.True(n > least, $"only {n - 1} operations were made");
                return;
            }

            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.ArchiveAsync(Options);
            Assert.Equal(active, await ActiveAsync(store));
            Assert.Equal(commits, await CommitsAsync(store));
            Assert.True(before == await TestTable.ReadAsync(store), where);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 9)])]);
        }
    }

    private static async Task<MemoryObjectStore> MakeAsync(int version)
    {
        var store = await TestTable.MakeAsync(version);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var none = new WriteOptions { AutoArchive = false, Properties = new Dictionary<string, string> { ["hoodie.metadata.enable"] = "false" }, DropMetadataTable = true };
        for (var i = 0; i < 5; i++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 3 + i)])], none);
            if (i == 2)
            {
                // So that there are history files to put together.
                await table.ArchiveAsync(Options);
            }
        }

        await table.CleanAsync(Options.Clean);
        return store;
    }

    private static async Task<List<string>> ActiveAsync(IObjectStore store)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        return [.. (await table.RefreshAsync()).Timeline.Instants.Select(i => i.ToString())];
    }

    /// <summary>All completed instants, active or archived; an instant that is pending is none.</summary>
    private static async Task<List<string>> CommitsAsync(IObjectStore store)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var state = await table.RefreshAsync();
        Assert.Empty(state.Timeline.Pending);
        var archived = await state.Client.ReadArchivedAsync(withContent: true);
        Assert.All(archived.Instants.Where(i => Actions.IsWrite(i.Instant.Action)), i => Assert.NotEmpty(i.Commit!.PartitionToWriteStats));
        return [.. archived.Instants.Select(i => i.Instant).Concat(state.Timeline.Instants).Select(i => i.RequestedTime + "." + i.Action).Distinct().Order(StringComparer.Ordinal)];
    }

    private static async Task<Exception?> RunAsync(IObjectStore store, FaultPlan plan) => await Record.ExceptionAsync(async () =>
    {
        await using var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
        await table.ArchiveAsync(Options);
    });
}
