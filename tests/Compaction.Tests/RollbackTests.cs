using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

public class RollbackTests
{
    public static TheoryData<int> Versions => [6, 8, 9];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_failed_write_is_rolled_back_by_its_markers(int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var before = await table.VisibleAsync();
        var (failed, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"), ("a", "f3-0"));
        Assert.Equal(before, await table.VisibleAsync());
        Assert.Equal(before.Length + 2, (await table.DataFilesAsync()).Length);

        var (timeline, done) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());

        var metadata = Assert.Single(done);
        Assert.Equal((failed.RequestedTime, Actions.Commit, 2), (metadata.Instant, metadata.Action, metadata.TotalFilesDeleted));
        Assert.Empty(timeline.Pending);
        Assert.Empty(timeline.Find(failed.RequestedTime));
        Assert.Equal(before.Order(), await table.DataFilesAsync());
        Assert.DoesNotContain(await table.PathsAsync(), p => p.Contains(".temp", StringComparison.Ordinal));
        var rollback = Assert.Single(timeline.Instants, i => i.Action == Actions.Rollback);
        Assert.True(string.CompareOrdinal(rollback.RequestedTime, failed.RequestedTime) > 0);
        var stored = RollbackMetadata.Read((await table.Client().ReadAsync(rollback)).Span);
        Assert.Equal((metadata.Instant, metadata.Action, metadata.StartRollbackTime), (stored.Instant, stored.Action, stored.StartRollbackTime));
        Assert.Equal(metadata.Partitions.Select(p => (p.Key, string.Join(",", p.Value.DeletedFiles))), stored.Partitions.Select(p => (p.Key, string.Join(",", p.Value.DeletedFiles))));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Without_markers_the_files_are_found_by_listing(int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        var before = await table.DataFilesAsync();
        await table.BeginAsync(Actions.ReplaceCommit, markers: false, ("a", "f2-0"), ("c", "f3-0"));
        var (timeline, done) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());
        Assert.Equal(2, Assert.Single(done).TotalFilesDeleted);
        Assert.Equal(before, await table.DataFilesAsync());
        Assert.Empty(timeline.Pending);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Several_failed_writes_go_newest_first_and_what_was_only_requested_plans_nothing(int version)
    {
        var table = new TestTable(version);
        var (first, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"));
        var (second, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f2-0"));
        var third = await table.Client().RequestAsync(await table.LoadAsync(), Actions.Commit);
        var (timeline, done) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());
        Assert.Equal([third.RequestedTime, second.RequestedTime, first.RequestedTime], done.Select(d => d.Instant));
        Assert.Equal([0, 1, 1], done.Select(d => d.TotalFilesDeleted));
        Assert.Empty(await table.DataFilesAsync());
        Assert.Equal(3, timeline.Instants.Count(i => i.Action == Actions.Rollback && i.IsCompleted));
    }

    [Fact]
    public async Task Nothing_pending_costs_nothing()
    {
        var table = new TestTable(9);
        await table.CommitAsync(("a", "f1-0"));
        var timeline = await table.LoadAsync();
        var (same, done) = await table.Rollback(new FailingStore(table.Store, 1, Failure.Before)).RollBackFailedWritesAsync(timeline);
        Assert.Same(timeline, same);
        Assert.Empty(done);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_rollback_interrupted_anywhere_is_finished_by_the_next(int version)
    {
        var origin = new TestTable(version);
        await origin.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var before = await origin.VisibleAsync();
        var (failed, _) = await origin.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"), ("b", "f3-0"));
        await InterruptEverywhereAsync(origin, before, failed.RequestedTime, (table, store) => table.Rollback(store).RollBackFailedWritesAsync(table.LoadAsync().Result).AsTask());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_explicit_rollback_interrupted_anywhere_leaves_the_table_before_or_after(int version)
    {
        var origin = new TestTable(version);
        await origin.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var before = await origin.VisibleAsync();
        var latest = await origin.CommitAsync(("a", "f1-0"), ("b", "f3-0"));
        var after = await origin.VisibleAsync();
        Assert.NotEqual(before, after);
        await InterruptEverywhereAsync(origin, before, latest.RequestedTime, (table, store) => table.Rollback(store).RollBackAsync(latest.RequestedTime).AsTask(), after);
    }

    private static async Task InterruptEverywhereAsync(TestTable origin, string[] expected, string rolledBack, Func<TestTable, IObjectStore, Task> act, string[]? untouched = null)
    {
        int steps = 0;
        foreach (var failure in Enum.GetValues<Failure>())
        {
            for (int n = 1; ; n++)
            {
                var table = await origin.CopyAsync();
                var store = new FailingStore(table.Store, n, failure);
                bool failed = false;
                try
                {
                    await act(table, store);
                }
                catch (LakehouseException e)
                {
                    Assert.True(e.IsTransient, e.Message);
                    failed = true;
                }

                var seen = await table.VisibleAsync();
                Assert.True(seen.SequenceEqual(expected) || (untouched is not null && seen.SequenceEqual(untouched)), $"step {n} {failure}");
                bool undone = (await table.LoadAsync()).FindCompletedWrite(rolledBack) is not null && (await table.LoadAsync()).Pending.All(i => i.Action != Actions.Rollback);
                var (timeline, _) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());
                Assert.Empty(timeline.Pending);
                if (undone)
                {
                    Assert.Equal(untouched, await table.VisibleAsync());
                }
                else
                {
                    Assert.Empty(timeline.Find(rolledBack));
                    Assert.Equal(expected, await table.VisibleAsync());
                    Assert.Equal(expected.Order(), await table.DataFilesAsync());
                }

                if (!failed && store.Changes < n)
                {
                    break;
                }

                steps = Math.Max(steps, n);
            }
        }

        Assert.True(steps >= 8, $"only {steps} steps were interrupted");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_latest_commit_is_rolled_back_and_no_other(int version)
    {
        var table = new TestTable(version);
        var first = await table.CommitAsync(("a", "f1-0"));
        var before = await table.VisibleAsync();
        var second = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackAsync(first.RequestedTime));
        var missing = await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackAsync("20200101000000000"));
        Assert.Equal(LakehouseErrorKind.NotFound, missing.Kind);
        var done = await table.Rollback().RollBackAsync(second.RequestedTime);
        Assert.Equal(2, done.DeletedFiles.Count);
        Assert.Equal(before, await table.VisibleAsync());
        Assert.Empty((await table.LoadAsync()).Find(second.RequestedTime));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_dry_run_says_what_would_go_and_changes_nothing(int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        var latest = await table.CommitAsync(("a", "f1-0"), ("b", "f2-0"));
        var paths = await table.PathsAsync();
        var done = await table.Rollback(new FailingStore(table.Store, 1, Failure.Before)).RollBackAsync(latest.RequestedTime, new RollbackOptions { DryRun = true });
        Assert.Equal((latest.RequestedTime, Actions.Commit, null, 2), (done.Instant, done.Action, done.Rollback, done.DeletedFiles.Count));
        Assert.Equal(paths, await table.PathsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Markers_are_used_unless_a_listing_is_asked_for(bool usingMarkers)
    {
        var table = new TestTable(9);
        var (failed, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"), ("b", "f2-0"));
        await table.Store.DeleteFolderAsync($".hoodie/.temp/{failed.RequestedTime}/b");
        var done = await table.Rollback().RollBackAsync(failed.RequestedTime, new RollbackOptions { UsingMarkers = usingMarkers });
        Assert.Equal(usingMarkers ? 1 : 2, done.DeletedFiles.Count);
    }

    [Theory]
    [InlineData(Actions.Compaction, 9, true)]
    [InlineData(Actions.Compaction, 9, false)]
    [InlineData(Actions.LogCompaction, 8, false)]
    [InlineData(Actions.LogCompaction, 9, true)]
    [InlineData(Actions.Clustering, 9, true)]
    [InlineData(Actions.Clustering, 8, false)]
    [InlineData(Actions.ReplaceCommit, 6, true)]
    [InlineData(Actions.Indexing, 9, false)]
    [InlineData(Actions.Indexing, 9, true)]
    public async Task Planned_services_are_rolled_back_on_request(string action, int version, bool inflight)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        var before = await table.DataFilesAsync();
        var content = action is Actions.Compaction or Actions.LogCompaction ? new CompactionPlan([]).Write() : action == Actions.Indexing ? new IndexPlan([new IndexPartition("record_index", "0")]).Write() : default;
        var service = await table.Client().RequestAsync(await table.LoadAsync(), action, content);
        if (inflight)
        {
            await table.Client().StartAsync(service);
            await table.Store.PutAsync("a/" + FileNames.MakeBaseFile(service.RequestedTime, "0-0-0", "f1-0"), default, PutCondition.IfAbsent);
        }

        var done = await table.Rollback().RollBackAsync(service.RequestedTime);

        Assert.Equal((service.RequestedTime, action, inflight ? 1 : 0), (done.Instant, done.Action, done.DeletedFiles.Count));
        Assert.Equal(before, await table.DataFilesAsync());
        var pending = (await table.LoadAsync()).Pending;
        Assert.Equal(action == Actions.Compaction && inflight ? [service] : [], pending);
        if (pending.Any())
        {
            // A second time takes the plan back too.
            await table.Rollback().RollBackAsync(service.RequestedTime);
            Assert.Empty((await table.LoadAsync()).Pending);
        }
    }

    [Fact]
    public async Task A_savepointed_commit_stays()
    {
        var table = new TestTable(9);
        var commit = await table.CommitAsync(("a", "f1-0"));
        var client = table.Client();
        var savepoint = new Instant(commit.RequestedTime, Actions.Savepoint, InstantState.Inflight);
        await client.EnsureAsync(savepoint);
        await client.CompleteAsync(savepoint, "x"u8.ToArray());
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackAsync(commit.RequestedTime));
        Assert.Contains("savepoint", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await table.VisibleAsync());
    }

    [Fact]
    public async Task A_commit_whose_predecessor_was_cleaned_stays()
    {
        var table = new TestTable(9);
        await table.CommitAsync(("a", "f1-0"));
        var old = Assert.Single(await table.DataFilesAsync());
        var latest = await table.CommitAsync(("a", "f1-0"));
        await table.Store.DeleteAsync(old);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackAsync(latest.RequestedTime));
        Assert.Contains("cleaned", error.Message, StringComparison.Ordinal);
        Assert.Single(await table.VisibleAsync());
    }

    [Theory]
    [InlineData(Actions.Restore, 9)]
    [InlineData("vacuum", 9)]
    [InlineData("vacuum", 6)]
    public async Task A_pending_restore_and_an_unknown_action_are_refused_by_name(string action, int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        await table.Store.PutAsync(table.Client().Layout.Folder + $"/20261101130000000.{action}.requested", default, PutCondition.IfAbsent);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync()));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(action == Actions.Restore ? "restore" : ".vacuum.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Actions.Compaction, 9)]
    [InlineData(Actions.Clustering, 9)]
    [InlineData(Actions.Clean, 6)]
    [InlineData(Actions.Indexing, 9)]
    public async Task Pending_services_stay(string action, int version)
    {
        var table = new TestTable(version);
        await table.CommitAsync(("a", "f1-0"));
        var service = await table.Client().RequestAsync(await table.LoadAsync(), action, action == Actions.Compaction ? new CompactionPlan([]).Write() : default);
        await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"));
        var (timeline, done) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());
        Assert.Single(done);
        Assert.Equal(service, Assert.Single(timeline.Pending));
    }

    [Theory]
    [InlineData("a/f9-0_0-0-0_20200101000000000.parquet.marker.CREATE")]
    [InlineData("a/readme.txt.marker.CREATE")]
    [InlineData("a/.f1-0_20200101000000000.log.1_0-0-0.marker.APPEND")]
    public async Task A_marker_of_another_commits_file_is_refused_before_anything_is_deleted(string marker)
    {
        var table = new TestTable(9);
        var (failed, _) = await table.BeginAsync(Actions.Commit, markers: true, ("a", "f1-0"));
        await table.Store.PutAsync($".hoodie/.temp/{failed.RequestedTime}/{marker.Replace("T", failed.RequestedTime, StringComparison.Ordinal).Replace("CREA" + failed.RequestedTime + "E", "CREATE", StringComparison.Ordinal)}", default, PutCondition.IfAbsent);
        await Assert.ThrowsAsync<LakehouseException>(async () => await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync()));
        Assert.Single(await table.DataFilesAsync());
    }

    [Fact]
    public async Task Server_based_markers_are_rolled_back()
    {
        var table = new TestTable(9);
        var (failed, _) = await table.BeginAsync(Actions.Commit, markers: false, ("a", "f1-0"), ("b", "f2-0"));
        var files = await table.DataFilesAsync();
        var folder = $".hoodie/.temp/{failed.RequestedTime}/";
        await table.Store.PutAsync(folder + "MARKERS.type", "TIMELINE_SERVER_BASED"u8.ToArray(), PutCondition.IfAbsent);
        await table.Store.PutAsync(folder + "MARKERS0", System.Text.Encoding.UTF8.GetBytes(files[0] + ".marker.CREATE\n"), PutCondition.IfAbsent);
        await table.Store.PutAsync(folder + "MARKERS7", System.Text.Encoding.UTF8.GetBytes(files[1] + ".marker.MERGE\n"), PutCondition.IfAbsent);
        var (_, done) = await table.Rollback().RollBackFailedWritesAsync(await table.LoadAsync());
        Assert.Equal(2, Assert.Single(done).TotalFilesDeleted);
        Assert.Empty(await table.DataFilesAsync());
    }
}
