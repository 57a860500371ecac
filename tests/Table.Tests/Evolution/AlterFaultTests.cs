using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>Each operation of an alter fails in turn: the columns are the old ones or the new ones, rows stay, and the next alter and write go on.</summary>
public sealed class AlterFaultTests
{
    private const string Ddl = "id string, ts bigint, v int, city string";

    [Theory]
    [InlineData(9, TableType.CopyOnWrite, Fault.Before)]
    [InlineData(9, TableType.MergeOnRead, Fault.LostReply)]
    [InlineData(6, TableType.CopyOnWrite, Fault.Torn)]
    [InlineData(6, TableType.MergeOnRead, Fault.Before)]
    public async Task Each_change_may_fail(int version, TableType type, Fault fault)
    {
        var original = new MemoryObjectStore("faults");
        await using (var made = await EvolvingTable.CreateAsync(original, Ddl, version, type))
        {
            await made.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, """{"id":"1","ts":1,"v":5,"city":"x"}""")]);
            await made.AlterSchemaAsync([SchemaChange.Add("w", "int", first: true)]);
        }

        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies: true);
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), EvolvingTable.Resources);
                await dying.AlterSchemaAsync([SchemaChange.Rename("v", "value"), SchemaChange.ChangeType("value", "bigint")]);
            });
            await plan.ReleaseDelayedAsync();
            await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
            var rows = await EvolvingTable.ReadAsync(table);
            const string Old = """{"w":null,"id":"1","ts":1,"v":5,"city":"x"}""";
            const string New = """{"w":null,"id":"1","ts":1,"value":5,"city":"x"}""";
            if (!plan.Fired)
            {
                Assert.Null(error);
                Assert.Equal(New, rows);
                Assert.True(n > 5);
                return;
            }

            var where = plan.Log.First(o => o.Failed is not null).ToString();
            Assert.True(rows == Old || (rows == New && fault == Fault.LostReply), $"{where}: {rows}");
            await table.AlterSchemaAsync([SchemaChange.Rename(rows == Old ? "v" : "value", "last")]);
            await EvolvingTable.UpsertAsync(table, """{"w":1,"id":"2","ts":1,"last":6,"city":"x"}""");
            Assert.Equal("{\"w\":1,\"id\":\"2\",\"ts\":1,\"last\":6,\"city\":\"x\"}\n" + Old.Replace("\"v\"", "\"last\"", StringComparison.Ordinal), await EvolvingTable.ReadAsync(table));
            Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
            await MetadataCheck.RunAsync(store, where);
        }
    }
}
