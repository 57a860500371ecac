using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>Each storage operation of a clean fails in turn, in each way: the table reads the same all the time, and the next run finishes.</summary>
public sealed class CleanFaultTests
{
    private static readonly CleanOptions Options = new() { CommitsRetained = 2 };

    public static TheoryData<int, TableType, Fault, bool> Cases()
    {
        var cases = new TheoryData<int, TableType, Fault, bool>();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            cases.Add(9, TableType.CopyOnWrite, fault, true);
        }

        cases.Add(9, TableType.CopyOnWrite, Fault.LostReply, false);
        cases.Add(8, TableType.MergeOnRead, Fault.Before, true);
        cases.Add(6, TableType.MergeOnRead, Fault.Before, false);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_change_may_fail(int version, TableType type, Fault fault, bool dies) =>
        await CheckAsync(await MakeAsync(version, type), n => FaultPlan.At(n, fault, dies), least: 6);

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Each_reading_may_fail(int version) =>
        await CheckAsync(await MakeAsync(version, TableType.CopyOnWrite), n => FaultPlan.At(n, Fault.Before, counts: static o => !o.Mutates), least: 8);

    [Fact]
    public async Task A_write_whose_clean_gives_way_to_another_process_is_committed()
    {
        var store = new HookedStore(await MakeAsync(9, TableType.CopyOnWrite));
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var options = new WriteOptions { Clean = Options };
        store.Before = (kind, path) => kind == StorageOperationKind.Put && path.EndsWith(".clean.inflight", StringComparison.Ordinal)
            ? Task.FromException(new LakehouseException(LakehouseErrorKind.Conflict, "another process began it"))
            : Task.CompletedTask;
        var written = await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 7)])], options);
        Assert.NotNull(written.Instant);
        Assert.Empty(written.Cleans);
        var pending = Assert.Single((await table.RefreshAsync()).Timeline.Pending);
        Assert.Equal(Actions.Clean, pending.Action);

        store.Before = static (_, _) => Task.CompletedTask;
        Assert.Contains((await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 8)])], options)).Cleans, c => c.Instant == pending.RequestedTime);
    }

    private static async Task CheckAsync(IObjectStore original, Func<int, FaultPlan> plan, int least)
    {
        var before = await TestTable.ReadAsync(original);
        var whole = await TestTable.CopyAsync(original);
        Assert.Null(await RunAsync(whole, FaultPlan.None()));
        var expected = await DataAsync(whole);
        Assert.True(expected.Count < (await DataAsync(original)).Count);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = plan(n);
            var error = await RunAsync(store, faults);
            await faults.ReleaseDelayedAsync();
            var where = faults.Log.FirstOrDefault(o => o.Failed is not null).ToString();
            Assert.True(error is null or LakehouseException, $"{where}: {error}");
            Assert.True(before == await TestTable.ReadAsync(store), where);
            if (!faults.Fired)
            {
                Assert.Null(error);
                Assert.True(n > least, $"only {n - 1} operations were made");
                return;
            }

            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.CleanAsync(Options);
            Assert.True(before == await TestTable.ReadAsync(store), where);
            Assert.Equal(expected, await DataAsync(store));
            var timeline = (await table.RefreshAsync()).Timeline;
            Assert.True(!timeline.Pending.Any(), $"{where}: {string.Join(", ", timeline.Pending)}");
            await MetadataCheck.RunAsync(store, where);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 9)])]);
            await MetadataCheck.RunAsync(store, where);
        }
    }

    private static async Task<MemoryObjectStore> MakeAsync(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        for (var i = 0; i < 3; i++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 3 + i), TestTable.Of(3, 3 + i)])]);
            if (type == TableType.MergeOnRead)
            {
                await table.CompactAsync();
            }
        }

        return store;
    }

    private static async Task<List<string>> DataAsync(IObjectStore store) => [.. (await TestTable.ListAsync(store)).Keys.Where(p => !p.StartsWith(".hoodie", StringComparison.Ordinal))];

    private static async Task<Exception?> RunAsync(IObjectStore store, FaultPlan plan) => await Record.ExceptionAsync(async () =>
    {
        await using var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
        await table.CleanAsync(Options);
    });
}
