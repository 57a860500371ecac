using System.Text;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>The definitions of a table's indexes, as they stand in its folder.</summary>
public sealed class IndexDefinitionTests
{
    [Theory]
    [InlineData("""{"indexDefinitions":{"column_stats":{"indexType":"column_stats","sourceFields":["a"],"version":"V2"}}}""", 2)]
    [InlineData("""{"indexDefinitions":{"column_stats":{"indexType":"column_stats","sourceFields":["a"]}}}""", null)]
    public async Task Of_a_version_or_none(string json, int? version)
    {
        var definition = (await ReadAsync(json)).Find("column_stats")!;
        Assert.Equal(version, definition.Version);
        Assert.Equal(["a"], definition.SourceFields);
    }

    [Fact]
    public async Task A_version_that_is_not_known_is_refused_by_name()
    {
        var definitions = await ReadAsync("""{"indexDefinitions":{"column_stats":{"indexType":"column_stats","sourceFields":["a"],"version":"V3"}}}""");
        var e = Assert.Throws<LakehouseException>(() => definitions.Find("column_stats"));
        Assert.Equal(LakehouseErrorKind.Unsupported, e.Kind);
        Assert.Contains("Version V3 of the index column_stats", e.Message, StringComparison.Ordinal);
        Assert.Equal(IndexDefinitions.Path, e.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"indexDefinitions":[]}""")]
    [InlineData("""{"indexDefinitions":{"a":1}}""")]
    [InlineData("""{"indexDefinitions":{"a":{"sourceFields":{}}}}""")]
    [InlineData("""{"indexDefinitions":{"a":{"sourceFields":[1]}}}""")]
    [InlineData("""{"indexDefinitions":{"a":{"indexOptions":[]}}}""")]
    [InlineData("""{"indexDefinitions":{"a":{"version":{}}}}""")]
    [InlineData("""{"indexDefinitions":{},"indexDefinitions":{}}""")]
    public async Task What_is_damaged_is_refused_with_the_file(string json)
    {
        var e = await Assert.ThrowsAsync<LakehouseException>(async () => await ReadAsync(json));
        Assert.Equal(LakehouseErrorKind.Corrupt, e.Kind);
        Assert.Equal(IndexDefinitions.Path, e.Path);
    }

    private static async Task<IndexDefinitions> ReadAsync(string json)
    {
        var store = new MemoryObjectStore();
        await store.PutAsync(IndexDefinitions.Path, Encoding.UTF8.GetBytes(json), PutCondition.None);
        return await IndexDefinitions.ReadAsync(store, default);
    }
}
