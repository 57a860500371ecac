using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

public class RestoreTests
{
    public static TheoryData<int> Versions => [6, 8, 9];

    private static RestoreExecutor Executor(TestTable table, IObjectStore? store = null) => new(table.Client(store), table.Config);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_followed_is_rolled_back_the_latest_first(int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        var target = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var (visible, files) = (await table.VisibleAsync(), await table.DataFilesAsync());
        await new SavepointExecutor(table.Client()).CreateAsync(null, new SavepointOptions());
        var second = await table.CommitAsync(("a", "f1-0"), ("c", "f3-0"));
        var third = await table.CommitAsync(("c", "f3-0"));
        var (dead, _) = await table.BeginAsync(Actions.ReplaceCommit, markers: true, ("b", "f4-0"));
        await table.Client().RequestAsync(await table.LoadAsync(), Actions.Clean);
        string[] expected = [dead.RequestedTime, third.RequestedTime, second.RequestedTime];

        var dry = await Executor(table, new FailingStore(table.Store, 1, Failure.Before)).RunAsync(target.RequestedTime, new RestoreOptions { DryRun = true });
        Assert.Equal(expected, dry.RolledBack.Select(r => r.Instant));
        Assert.Null(dry.Instant);
        var done = await Executor(table).RunAsync(target.RequestedTime, new RestoreOptions());

        Assert.Equal(expected, done.RolledBack.Select(r => r.Instant));
        Assert.Equal(dry.RolledBack.SelectMany(r => r.DeletedFiles), done.RolledBack.SelectMany(r => r.DeletedFiles));
        Assert.Equal(visible, await table.VisibleAsync());
        Assert.Equal(files, await table.DataFilesAsync());
        Assert.DoesNotContain(await table.PathsAsync(), p => p.Contains(".temp/", StringComparison.Ordinal));
        var timeline = await table.LoadAsync();
        Assert.Empty(timeline.Pending);
        Assert.Equal(2, timeline.CompletedWrites.Count());
        Assert.Contains(target.RequestedTime, timeline.Savepoints);
        var restore = Assert.Single(timeline.Instants, i => i.Action == Actions.Restore);
        Assert.Equal(done.Instant, restore.RequestedTime);
        var stored = RestoreMetadata.Read((await table.Client().ReadAsync(restore)).Span);
        Assert.Equal(expected, stored.Rollbacks.Select(r => r.Instant));
        Assert.Equal([1, 1, 2], stored.Rollbacks.Select(r => r.TotalFilesDeleted));

        Assert.Null((await Executor(table).RunAsync(target.RequestedTime, new RestoreOptions())).Instant);
        await table.CommitAsync(("a", "f1-0"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Interrupted_anywhere_it_goes_on_and_writes_wait_for_it(int version)
    {
        var origin = new TestTable(version);
        var target = await origin.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var (visible, files) = (await origin.VisibleAsync(), await origin.DataFilesAsync());
        await origin.CommitAsync(("a", "f1-0"), ("c", "f3-0"));
        await origin.CommitAsync(("c", "f3-0"));
        await origin.BeginAsync(Actions.Commit, markers: true, ("b", "f4-0"));
        var latest = await origin.VisibleAsync();
        foreach (var failure in Enum.GetValues<Failure>())
        {
            for (int n = 1; ; n++)
            {
                var table = await origin.CopyAsync();
                var store = new FailingStore(table.Store, n, failure);
                try
                {
                    await Executor(table, store).RunAsync(target.RequestedTime, new RestoreOptions());
                }
                catch (LakehouseException e)
                {
                    Assert.True(e.IsTransient, e.Message);
                }

                bool begun = PendingRestore.Of(await table.LoadAsync()) is not null;
                if (begun)
                {
                    var refused = await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync()));
                    Assert.Contains("restore", refused.Message, StringComparison.Ordinal);
                }
                else if ((await table.LoadAsync()).Instants.All(i => i.Action != Actions.Restore))
                {
                    Assert.Equal(latest, await table.VisibleAsync());
                }

                await Executor(table).RunAsync(target.RequestedTime, new RestoreOptions());
                Assert.Equal(visible, await table.VisibleAsync());
                Assert.Equal(files, await table.DataFilesAsync());
                Assert.Empty((await table.LoadAsync()).Pending);
                var restore = Assert.Single((await table.LoadAsync()).Instants, i => i.Action == Actions.Restore);
                Assert.Equal(3, RestoreMetadata.Read((await table.Client().ReadAsync(restore)).Span).Rollbacks.Count);
                if (store.Changes < n)
                {
                    Assert.True(n > 15, $"only {n} steps were interrupted");
                    break;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_cannot_be_brought_back_is_refused_before_anything_is_deleted(int version)
    {
        var table = new TestTable(version);
        var first = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var second = await table.CommitAsync(("a", "f1-0"));
        var third = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        await new SavepointExecutor(table.Client()).CreateAsync(second.RequestedTime, new SavepointOptions());
        var later = await Refused(first);
        Assert.Contains(second.RequestedTime, later.Message, StringComparison.Ordinal);
        await new SavepointExecutor(table.Client()).DeleteAsync(second.RequestedTime);

        // A cleaner has been: b's first version is gone.
        var cleaned = (await table.DataFilesAsync()).Single(f => f.StartsWith("b/f2-0", StringComparison.Ordinal) && f.Contains(first.RequestedTime, StringComparison.Ordinal));
        await table.Store.DeleteAsync(cleaned);
        Assert.Contains("cleaned", (await Refused(first)).Message, StringComparison.Ordinal);
        Assert.Contains("cleaned", (await Refused(second)).Message, StringComparison.Ordinal);
        await table.Store.PutAsync(cleaned, default, PutCondition.IfAbsent);
        Assert.Equal(LakehouseErrorKind.NotFound, (await Refused(third with { RequestedTime = "20200101000000000" })).Kind);

        // An archiver has gone beyond: the first commit's neighbour left the timeline, its files did not.
        await new SavepointExecutor(table.Client()).CreateAsync(first.RequestedTime, new SavepointOptions());
        var client = table.Client();
        var archived = await table.CopyAsync();
        foreach (var name in await client.Store.ListNamesAsync(client.Layout.Folder))
        {
            if (name.StartsWith(second.RequestedTime, StringComparison.Ordinal))
            {
                await archived.Store.DeleteAsync(client.Layout.Folder + "/" + name);
            }
        }

        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Executor(archived).RunAsync(first.RequestedTime, new RestoreOptions()));
        Assert.Contains("archived", error.Message, StringComparison.Ordinal);
        await Executor(table).RunAsync(first.RequestedTime, new RestoreOptions());

        async Task<LakehouseException> Refused(Instant target)
        {
            var paths = await table.PathsAsync();
            var refused = await Assert.ThrowsAsync<LakehouseException>(async () => await Executor(table).RunAsync(target.RequestedTime, new RestoreOptions()));
            Assert.Equal(paths, await table.PathsAsync());
            return refused;
        }
    }

    [Fact]
    public async Task Another_restore_is_finished_first()
    {
        var table = new TestTable(9);
        var first = await table.CommitAsync(("a", "f1-0"));
        var second = await table.CommitAsync(("a", "f1-0"));
        var third = await table.CommitAsync(("a", "f1-0"));
        await table.Client().RequestAsync(await table.LoadAsync(), Actions.Restore, new RestorePlan(second.RequestedTime, [new InstantInfo(third.RequestedTime, Actions.Commit)]).Write());
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Executor(table).RunAsync(first.RequestedTime, new RestoreOptions()));
        Assert.Contains(second.RequestedTime, error.Message, StringComparison.Ordinal);
        var done = await Executor(table).RunAsync(second.RequestedTime, new RestoreOptions());
        Assert.Equal(third.RequestedTime, Assert.Single(done.RolledBack).Instant);
        await Executor(table).RunAsync(first.RequestedTime, new RestoreOptions());
        Assert.Equal([first], (await table.LoadAsync()).CompletedWrites);
    }

    [Fact]
    public async Task A_table_of_version_6_loses_its_metadata_table()
    {
        var table = new TestTable(6, metadataPartitions: "files");
        await table.Store.PutAsync(".hoodie/hoodie.properties", OllaLab.Lakehouse.Config.JavaProperties.Write(table.Config.Properties, "test", table.Clock.GetUtcNow()), PutCondition.None);
        await table.Store.PutAsync(".hoodie/metadata/.hoodie/hoodie.properties", "x=y"u8.ToArray(), PutCondition.None);
        var first = await table.CommitAsync(("a", "f1-0"));
        await table.CommitAsync(("a", "f1-0"));
        Assert.True((await Executor(table).RunAsync(first.RequestedTime, new RestoreOptions())).DroppedMetadataTable);
        Assert.DoesNotContain(await table.PathsAsync(), p => p.StartsWith(".hoodie/metadata", StringComparison.Ordinal));
        Assert.Single(await table.VisibleAsync());
    }
}
