using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>A table in the folder of another: none is made here, and where another engine made one its rows are its own.</summary>
public sealed class NestedTablesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("nested-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("outer/inner")]
    [InlineData("outer/part=x/deep/inner")]
    public async Task A_table_inside_another_is_not_created(string inner)
    {
        await using var outer = await MakeAsync("outer");
        var error = await Assert.ThrowsAsync<LakehouseException>(() => MakeAsync(inner));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains(outer.Location, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(root, inner)));
    }

    [Fact]
    public async Task A_table_below_another_keeps_its_rows_to_itself()
    {
        await using (var other = await MakeAsync("other"))
        {
            await other.UpsertAsync([Row.ToBatch([TestTable.Of(1, 1), TestTable.Of(2, 1)])]);
        }

        await using var outer = await MakeAsync("outer");
        await outer.UpsertAsync([Row.ToBatch([TestTable.Of(3, 1)])]);
        Directory.Move(Path.Combine(root, "other"), Path.Combine(root, "outer", "archive"));

        // An empty folder of that name makes no table.
        Directory.CreateDirectory(Path.Combine(root, "outer", Directory.GetDirectories(Path.Combine(root, "outer")).First(d => Path.GetFileName(d) is not (".hoodie" or "archive")), ".hoodie"));
        await using var again = await LakehouseTable.OpenAsync(Path.Combine(root, "outer"));
        Assert.Equal(1, (await again.ReadAsync().ToListAsync()).Sum(b => b.Length));
        await again.UpsertAsync([Row.ToBatch([TestTable.Of(3, 2), TestTable.Of(4, 2)])]);
        Assert.Equal(2, (await again.ReadAsync().ToListAsync()).Sum(b => b.Length));
        await using var inner = await LakehouseTable.OpenAsync(Path.Combine(root, "outer", "archive"));
        Assert.Equal(2, (await inner.ReadAsync().ToListAsync()).Sum(b => b.Length));
    }

    private Task<LakehouseTable> MakeAsync(string folder) =>
        LakehouseTable.CreateAsync(new LocalObjectStore(Path.Combine(root, folder)), Row.Schema, new TableOptions { Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] }, TestTable.Resources);
}
