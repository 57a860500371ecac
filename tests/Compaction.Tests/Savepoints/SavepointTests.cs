using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

public class SavepointTests
{
    public static TheoryData<int> Versions => [6, 8, 9];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_savepoint_names_the_files_as_of_its_commit(int version)
    {
        var table = new TestTable(version);
        var first = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var files = await table.VisibleAsync();
        var second = await table.CommitAsync(("a", "f1-0"), ("b", "f3-0"));
        var executor = new SavepointExecutor(table.Client());

        var made = await executor.CreateAsync(first.RequestedTime, new SavepointOptions { User = "ana", Comments = "why, \"ünï\"" });

        Assert.Equal((first.RequestedTime, "ana", "why, \"ünï\"", table.Clock.GetUtcNow()), (made.Instant, made.User, made.Comments, made.CreatedAt));
        Assert.Equal(files, made.Files);
        var latest = await executor.CreateAsync(null, new SavepointOptions());
        Assert.Equal(second.RequestedTime, latest.Instant);
        Assert.Equal([made.Instant, latest.Instant], (await executor.ListAsync()).Select(s => s.Instant));
        var again = await Assert.ThrowsAsync<LakehouseException>(async () => await executor.CreateAsync(first.RequestedTime, new SavepointOptions()));
        Assert.Equal(LakehouseErrorKind.InvalidInput, again.Kind);

        await executor.DeleteAsync(first.RequestedTime);
        Assert.Equal(latest.Instant, Assert.Single(await executor.ListAsync()).Instant);
        Assert.DoesNotContain((await table.LoadAsync()).Find(first.RequestedTime), i => i.Action == Actions.Savepoint);
        var missing = await Assert.ThrowsAsync<LakehouseException>(async () => await executor.DeleteAsync(first.RequestedTime));
        Assert.Equal(LakehouseErrorKind.NotFound, missing.Kind);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_savepoint_interrupted_anywhere_is_made_by_the_next(int version)
    {
        var origin = new TestTable(version);
        var commit = await origin.CommitAsync(("a", "f1-0"));
        foreach (var failure in Enum.GetValues<Failure>())
        {
            for (int n = 1; ; n++)
            {
                var table = await origin.CopyAsync();
                var store = new FailingStore(table.Store, n, failure);
                bool failed = false;
                try
                {
                    await new SavepointExecutor(table.Client(store)).CreateAsync(null, new SavepointOptions());
                }
                catch (LakehouseException)
                {
                    failed = true;
                }

                var executor = new SavepointExecutor(table.Client());
                if ((await executor.ListAsync()).Count == 0)
                {
                    Assert.True(failed);
                    await executor.CreateAsync(null, new SavepointOptions());
                }

                Assert.Equal(commit.RequestedTime, Assert.Single(await executor.ListAsync()).Instant);
                Assert.Single(await table.VisibleAsync());
                await executor.DeleteAsync(commit.RequestedTime);
                Assert.Equal([commit], (await table.LoadAsync()).Instants);
                if (store.Changes < n)
                {
                    Assert.True(n > 2);
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused()
    {
        var table = new TestTable(9);
        var executor = new SavepointExecutor(table.Client());
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(async () => await executor.CreateAsync(null, new SavepointOptions()))).Kind);
        var first = await table.CommitAsync(("a", "f1-0"));
        var (pending, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"));
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(async () => await executor.CreateAsync(pending.RequestedTime, new SavepointOptions()))).Kind);
        await table.Store.PutAsync(table.Client().Layout.Folder + "/20361101130000000.restore.requested", default, OllaLab.Lakehouse.Storage.PutCondition.IfAbsent);
        Assert.Contains("restore", (await Assert.ThrowsAsync<LakehouseException>(async () => await executor.CreateAsync(first.RequestedTime, new SavepointOptions()))).Message, StringComparison.Ordinal);
    }
}
