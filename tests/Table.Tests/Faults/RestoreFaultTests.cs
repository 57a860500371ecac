using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>The process dies at each storage operation of a savepoint, rollback or restore: the next run finishes it, and what nobody rolled back is there.</summary>
public sealed class RestoreFaultTests
{
    public static TheoryData<string, int, TableType, Fault> Deaths()
    {
        var cases = new TheoryData<string, int, TableType, Fault>();
        foreach (var (version, type) in new[] { (9, TableType.CopyOnWrite), (9, TableType.MergeOnRead), (6, TableType.MergeOnRead), (8, TableType.MergeOnRead) })
        {
            cases.Add("rollback", version, type, Fault.Before);
            cases.Add("restore", version, type, Fault.Before);
        }

        foreach (var fault in new[] { Fault.Before, Fault.LostReply })
        {
            cases.Add("savepoint", 6, TableType.CopyOnWrite, fault);
            cases.Add("savepoint", 9, TableType.MergeOnRead, fault);
        }

        cases.Add("restore", 9, TableType.MergeOnRead, Fault.LostReply);
        cases.Add("restore", 6, TableType.CopyOnWrite, Fault.LostReply);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task The_next_run_finishes(string action, int version, TableType type, Fault fault)
    {
        var original = await TestTable.MakeAsync(version, type);
        string target, latest, before, after;
        await using (var table = await LakehouseTable.OpenAsync(original, TestTable.Resources))
        {
            target = (await table.RefreshAsync()).Timeline.LatestCompletedWrite!.RequestedTime;
            before = await TestTable.ReadAsync(table);
            latest = (await TestTable.RunAsync(table, WriteOperation.Upsert)).Instant!;
            if (action == "restore")
            {
                if (type == TableType.MergeOnRead)
                {
                    latest = Assert.Single(await table.CompactAsync()).Instant!;
                }

                latest = (await TestTable.RunAsync(table, WriteOperation.Delete)).Instant!;
            }

            after = await TestTable.ReadAsync(table);
        }

        Assert.NotEqual(before, after);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies: true);
            await RunAsync(new FaultInjectingObjectStore(store, plan), action, target, latest, mayFail: true);
            var where = $"{action} v{version} {type} {fault} {n}";
            await FinishAsync(store, action, target, latest);
            Assert.True((action == "savepoint" ? after : before) == await TestTable.ReadAsync(store), where);
            await MetadataCheck.RunAsync(store, where);
            await using (var table = await LakehouseTable.OpenAsync(store, TestTable.Resources))
            {
                var state = await table.RefreshAsync();
                Assert.Empty(state.Timeline.Pending);
                Assert.Equal(action != "savepoint", state.Timeline.FindCompletedWrite(latest) is null);
                await TestTable.RunAsync(table, WriteOperation.Insert);
                await MetadataCheck.RunAsync(store, where);
            }

            if (!plan.Fired)
            {
                Assert.True(n > (action == "savepoint" ? 2 : 8), $"only {n - 1} changes were made");
                return;
            }
        }
    }

    private static async Task RunAsync(IObjectStore store, string action, string target, string latest, bool mayFail)
    {
        try
        {
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            _ = action switch
            {
                "savepoint" => (object)await table.SavepointAsync(target),
                "rollback" => await table.RollbackAsync(latest),
                _ => await table.RestoreAsync(target),
            };
        }
        catch (LakehouseException e) when (mayFail && e.IsTransient)
        {
        }
    }

    // Who asks again may find that all was done.
    private static async Task FinishAsync(IObjectStore store, string action, string target, string latest)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var timeline = (await table.RefreshAsync()).Timeline;
        if (action == "savepoint" ? !timeline.Savepoints.Contains(target) : action == "restore" || timeline.Find(latest).Any() || timeline.Pending.Any())
        {
            await RunAsync(store, action, target, latest, mayFail: false);
        }
    }
}
