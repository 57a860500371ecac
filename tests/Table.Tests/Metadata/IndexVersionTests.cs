using System.Text;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Metadata;

/// <summary>Hudi's upgrade of a table from version 8 to 9 (EightToNineUpgradeHandler) keeps its indexes in version 1, as their definitions say: they go on so.</summary>
public sealed class IndexVersionTests
{
    private const string Properties = ".hoodie/hoodie.properties";

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Indexes_of_version_1_stay_it(TableType type)
    {
        var store = await TestTable.MakeAsync(8, type, MetadataOptions.RecordIndexKey);
        await using (var table = await LakehouseTable.OpenAsync(store, TestTable.Resources))
        {
            await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text" });
        }

        foreach (var path in new[] { Properties, MetadataPartitions.Folder + "/" + Properties })
        {
            var text = Encoding.Latin1.GetString((await store.ReadAsync(path)).Span).Replace("hoodie.table.version=8\n", "hoodie.table.version=9\n", StringComparison.Ordinal);
            await store.PutAsync(path, Encoding.Latin1.GetBytes(text.Replace("hoodie.table.precombine.field", "hoodie.table.ordering.fields", StringComparison.Ordinal)), PutCondition.None);
        }

        await using var upgraded = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await upgraded.UpsertAsync([Row.ToBatch([.. Enumerable.Range(3, 20).Select(i => TestTable.Of(i, i)), TestTable.Of(300, 9)])]);
        await upgraded.DeleteAsync([Row.ToBatch([TestTable.Of(4, 0), TestTable.Of(25, 0)])]);
        var state = await upgraded.RefreshAsync();
        Assert.Equal(9, state.Config.Version);
        var metadata = (await state.GetMetadataAsync())!;
        foreach (var partition in new[] { MetadataPartitions.ColumnStats, MetadataPartitions.PartitionStats })
        {
            await foreach (var record in metadata.ReadAsync(partition, default))
            {
                Assert.True(((ColumnStatsPayload)record.Payload!).ValueType is null or 0, partition);
            }
        }

        await SecondaryIndexCheck.RunAsync(store, "secondary_index_idx_text", "text", "after writes");
    }
}
