using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(IndexType.Bucket, TableType.CopyOnWrite, 9)]
    [InlineData(IndexType.Bucket, TableType.CopyOnWrite, 6)]
    [InlineData(IndexType.Bucket, TableType.MergeOnRead, 9)]
    [InlineData(IndexType.Bucket, TableType.MergeOnRead, 8)]
    [InlineData(IndexType.Bucket, TableType.MergeOnRead, 6)]
    [InlineData(IndexType.GlobalSimple, TableType.CopyOnWrite, 9)]
    [InlineData(IndexType.GlobalSimple, TableType.MergeOnRead, 9)]
    [InlineData(IndexType.GlobalBloom, TableType.MergeOnRead, 6)]
    public async Task Both_find_each_others_keys(IndexType index, TableType type, int version)
    {
        var hudi = RequireHudi(always: version != 8 && (index, type, version) != (IndexType.Bucket, TableType.CopyOnWrite, 9));
        var path = Path.Combine(root, "i");
        var schema = TableSchema.FromDdl(Ddl, "t");
        (string, string)[] options = [(Indexes.TypeOption, Writing.TableIndex.NameOf(index)), (BucketIndex.CountOption, "3")];
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions
            {
                Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version, Index = index,
                Properties = index == IndexType.Bucket ? new Dictionary<string, string> { [BucketIndex.CountOption] = "3" } : new Dictionary<string, string>(),
            },
            null,
            default);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 60), ts: 10)]);
        await SameAsync(hudi, table, path, "our upsert");
        Write(hudi, path, version, true, type, Lines(Enumerable.Range(40, 60), ts: 20), more: options);
        await SameAsync(hudi, table, path, "Hudi's upsert over it");
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(30, 100), ts: 30)]);
        await table.DeleteAsync([await Rows(schema, [1, 41, 129], ts: 0)]);
        await SameAsync(hudi, table, path, "our upsert and delete");

        // Rows of the other city: with a global index they move.
        var moved = Lines(Enumerable.Range(0, 10).Concat(Enumerable.Range(50, 10)), ts: 40).Replace("lisbon", "oslo", StringComparison.Ordinal);
        Write(hudi, path, version, true, type, moved, more: options);
        await SameAsync(hudi, table, path, "Hudi's rows of another partition");
        await table.UpsertAsync([await Rows(schema, [0, 2, 50, 51, 52], ts: 50), await Rows(schema, [4, 6], ts: 1)]);
        await SameAsync(hudi, table, path, "our rows of another partition");
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            await SameAsync(hudi, table, path, "our compaction");
        }

        Write(hudi, path, version, true, type, Lines(Enumerable.Range(0, 140), ts: 60), more: options);
        await SameAsync(hudi, table, path, "Hudi's upsert of all");
    }
}
