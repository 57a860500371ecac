using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>A write that slept between reading the table and requesting its instant, while others committed and archived what they had committed.</summary>
public sealed class ArchivedMeanwhileTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public async Task It_gives_way_rather_than_store_a_key_twice(int version)
    {
        var objects = await TestTable.MakeAsync(version, TableType.CopyOnWrite, "hoodie.metadata.enable=false");
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBefore(storeA, static (kind, path) => kind == TestSupport.StorageOperationKind.GetInfo && path.Contains("/.locks/", StringComparison.Ordinal));
        var losing = Writers.UpsertAsync(a, TestTable.Of(100, 5) with { Part = "c" });
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(100, 4) with { Part = "c" });
        for (int i = 0; i < 4; i++)
        {
            await Writers.UpsertAsync(b, TestTable.Of(i, 9));
        }

        Assert.NotEmpty((await b.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = new CleanOptions { CommitsRetained = 1 } })).Instants);
        goOn.SetResult();
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => losing)).Kind);
        Assert.Single(await Writers.RowsAsync(objects), r => r.StartsWith("k100", StringComparison.Ordinal));
    }
}
