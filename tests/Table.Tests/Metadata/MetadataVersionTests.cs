using System.Text;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Metadata;

/// <summary>Hudi's services leave metadata tables of version 9 beside tables of version 8, and read and write both.</summary>
public sealed class MetadataVersionTests
{
    private const string Properties = ".hoodie/metadata/.hoodie/hoodie.properties";

    [Theory]
    [InlineData(8, 9)]
    [InlineData(9, 8)]
    public async Task Versions_8_and_9_go_together(int version, int other)
    {
        var store = await MakeAsync(version, other);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ReadAsync(table);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 9), TestTable.Of(300, 9)])]);
        await table.CompactAsync(new CompactionOptions());
        await MetadataCheck.RunAsync(store, "after a write");
        var after = await TestTable.ReadAsync(table);
        Assert.Equal(before.Split('\n').Length + 1, after.Split('\n').Length);
        await using var plain = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
        Assert.Equal(await TestTable.ReadAsync(plain), after);
    }

    [Theory]
    [InlineData(9, 6)]
    [InlineData(8, 10)]
    public async Task Others_do_not(int version, int other)
    {
        var store = await MakeAsync(version, other);
        Assert.Equal(LakehouseErrorKind.Corrupt, (await Assert.ThrowsAsync<LakehouseException>(() => TestTable.ReadAsync(store))).Kind);
    }

    [Fact]
    public async Task Beside_version_6_it_is_read_and_made_anew()
    {
        // Hudi 1.2 made the table, and compacted it with run_compaction.
        var folder = Directory.CreateTempSubdirectory("lakehouse-metadata-").FullName;
        try
        {
            await System.IO.Compression.ZipFile.ExtractToDirectoryAsync(Path.Combine(Repository.Root, "tests", "Table.Tests", "Metadata", "hudi-v6-metadata-v9.zip"), folder);
            Assert.Contains("hoodie.table.version=9", File.ReadLines(Path.Combine(folder, Properties)));
            var options = new ReadOptions { Where = Predicate.Parse("v = 'a2'"), Columns = ["id"] };
            await using var table = await LakehouseTable.OpenAsync(new LocalObjectStore(folder));
            Assert.Equal(5, await table.ReadAsync(options).Select(b => b.Length).SumAsync());
            await table.DeleteAsync(Predicate.Parse("id IN ('k0', 'k1')"));
            Assert.Contains("hoodie.table.version=6", File.ReadLines(Path.Combine(folder, Properties)));
            Assert.Contains("column_stats", table.Properties["hoodie.table.metadata.partitions"], StringComparison.Ordinal);
            await MetadataCheck.RunAsync(new LocalObjectStore(folder), "after a write");
            Assert.Equal(3, await table.ReadAsync(options).Select(b => b.Length).SumAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<MemoryObjectStore> MakeAsync(int version, int other)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        var text = Encoding.Latin1.GetString((await store.ReadAsync(Properties)).Span);
        Assert.Contains($"hoodie.table.version={version}\n", text, StringComparison.Ordinal);
        await store.PutAsync(Properties, Encoding.Latin1.GetBytes(text.Replace($"hoodie.table.version={version}\n", $"hoodie.table.version={other}\n", StringComparison.Ordinal)), PutCondition.None);
        return store;
    }
}
