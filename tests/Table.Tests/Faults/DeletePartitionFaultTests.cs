using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Each change that deleting a partition makes fails in turn: its rows are all there or all gone, and the next write repairs what is left.</summary>
public sealed class DeletePartitionFaultTests
{
    [Theory]
    [InlineData(9, Fault.Before)]
    [InlineData(9, Fault.LostReply)]
    [InlineData(6, Fault.Before)]
    [InlineData(6, Fault.Torn)]
    public async Task Each_change_may_fail(int version, Fault fault)
    {
        var original = await TestTable.MakeAsync(version);
        var before = await TestTable.ReadAsync(original);
        var after = string.Join('\n', before.Split('\n').Where(r => !r.Contains(" a ", StringComparison.Ordinal)));
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies: true);
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
                await dying.DeletePartitionsAsync(["a"]);
            });
            await plan.ReleaseDelayedAsync();
            var rows = await TestTable.ReadAsync(store);
            if (!plan.Fired)
            {
                Assert.Null(error);
                Assert.Equal(after, rows);
                Assert.True(n > 3);
                return;
            }

            var where = plan.Log.First(o => o.Failed is not null).ToString();
            Assert.True(rows == before || (rows == after && fault == Fault.LostReply), where);
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(501, 1)])]);
            Assert.Equal($"{rows}\nk501 b 1 text 1", await TestTable.ReadAsync(store));
            Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
            await MetadataCheck.RunAsync(store, where);
        }
    }
}
