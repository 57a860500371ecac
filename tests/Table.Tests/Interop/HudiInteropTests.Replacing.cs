using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Overwriting and deleting partitions.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Both_overwrite_and_delete_partitions(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "replaced");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        await table.BulkInsertAsync([await Rows(schema, Enumerable.Range(0, 100), ts: 10)]);
        await table.UpsertAsync([await Rows(schema, [2, 3, 200], ts: 20)]);
        await table.WriteAsync(WriteOperation.InsertOverwrite, new[] { await Rows(schema, [2, 400], ts: 5) }.ToAsyncEnumerable());
        await SameAsync(hudi, table, path, "our overwriting of a partition");
        Write(hudi, path, version, partitioned: true, type, Lines([2, 3, 402], ts: 30));
        await SameAsync(hudi, table, path, "Hudi's upsert over it");
        Write(hudi, path, version, partitioned: true, type, Lines([5, 7], ts: 1), operation: "insert_overwrite");
        await SameAsync(hudi, table, path, "Hudi's overwriting");
        Assert.Equal(["lisbon"], (await table.DeletePartitionsAsync(["li*"])).Partitions);
        await SameAsync(hudi, table, path, "our deletion of a partition");
        Write(hudi, path, version, partitioned: true, type, Lines([2, 5], ts: 30));
        await SameAsync(hudi, table, path, "Hudi's upsert into it");
        var both = new WriteOptions { Properties = new Dictionary<string, string> { ["hoodie.static.overwrite.partition.paths"] = "lisbon,s\u00e3o paulo" } };
        await table.WriteAsync(WriteOperation.InsertOverwrite, new[] { await Rows(schema, [2, 6], ts: 35) }.ToAsyncEnumerable(), both);
        Assert.Equal(2, (await ReadAsync(table, new ReadOptions())).Count);
        await SameAsync(hudi, table, path, "our overwriting of partitions by name");
        Write(hudi, path, version, partitioned: true, type, Lines([2, 5], ts: 40));
        await SameAsync(hudi, table, path, "Hudi's upsert after that");
        await table.WriteAsync(WriteOperation.InsertOverwriteTable, new[] { await Rows(schema, [1], ts: 5) }.ToAsyncEnumerable());
        await SameAsync(hudi, table, path, "our overwriting of the table");
        Write(hudi, path, version, partitioned: true, type, Lines([1, 2], ts: 30));
        await SameAsync(hudi, table, path, "Hudi's upsert at the end");
        Assert.Equal(2, (await ReadAsync(table, new ReadOptions())).Count);
    }
}
