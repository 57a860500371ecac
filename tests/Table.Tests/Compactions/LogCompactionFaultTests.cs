using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Compactions;

/// <summary>Each change of a log compaction fails in turn: the table reads the same all the time, writes go on, and the next log compaction and compaction find nothing in their way.</summary>
public sealed class LogCompactionFaultTests
{
    private static readonly CompactionOptions Threshold = new() { LogBlocksThreshold = 2 };

    [Theory]
    [InlineData(9, Fault.Before, true)]
    [InlineData(9, Fault.Before, false)]
    [InlineData(9, Fault.LostReply, true)]
    [InlineData(9, Fault.UnknownWithoutEffect, false)]
    [InlineData(9, Fault.Torn, true)]
    [InlineData(8, Fault.LostReply, false)]
    [InlineData(6, Fault.Before, true)]
    [InlineData(6, Fault.Before, false)]
    [InlineData(6, Fault.LostReply, true)]
    [InlineData(6, Fault.Torn, false)]
    public async Task Each_change_may_fail(int version, Fault fault, bool dies)
    {
        var original = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using (var table = await LakehouseTable.OpenAsync(original, TestTable.Resources))
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 5), TestTable.Of(1, 1)])]);
            await table.DeleteAsync([Row.ToBatch([TestTable.Of(2, 0)])]);
        }

        var before = await TestTable.ReadAsync(original);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = FaultPlan.At(n, fault, dies);
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var faulty = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, faults), TestTable.Resources);
                await faulty.LogCompactAsync(Threshold);
            });
            await faults.ReleaseDelayedAsync();
            var where = faults.Log.FirstOrDefault(o => o.Failed is not null).ToString();
            Assert.True(error is null or LakehouseException, $"{where}: {error}");
            Assert.True(before == await TestTable.ReadAsync(store), where);
            if (!faults.Fired)
            {
                Assert.Null(error);
                Assert.True(n > 7, $"only {n - 1} changes were made");
                return;
            }

            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(4, 9)])]);
            var after = await TestTable.ReadAsync(store);
            if (n % 2 == 0)
            {
                await table.LogCompactAsync(Threshold);
                Assert.True(after == await TestTable.ReadAsync(store), where);
                Assert.True(!(await table.RefreshAsync()).Timeline.Pending.Any(), where);
            }

            await table.CompactAsync();
            Assert.True(after == await TestTable.ReadAsync(store), where);
            await table.ExecuteLogCompactionAsync();
            Assert.True(after == await TestTable.ReadAsync(store), where);
            Assert.True(!(await table.RefreshAsync()).Timeline.Pending.Any(), where);
            Assert.All(await (await table.RefreshAsync()).View.GetAllSlicesAsync(), s => Assert.Empty(s.Logs));
        }
    }
}
