using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Compactions of the metadata table: they stand for all that came before, wherever the process dies.</summary>
public sealed class MetadataServicesTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    public async Task A_compaction_stands_for_what_came_before(int version, TableType type)
    {
        var store = await MakeAsync(version, type, writes: 14);
        var timeline = await LoadAsync(store);
        var compaction = Assert.Single(timeline.Instants, i => i is { IsCompleted: true, Action: Actions.Commit });
        Assert.Equal(10, timeline.Instants.Count(i => i is { IsCompleted: true, Action: Actions.DeltaCommit } && string.CompareOrdinal(i.CompletionTime, compaction.RequestedTime) < 0));
        var files = new FolderStore(store, MetadataPartitions.Folder + "/files");
        foreach (var name in await files.ListNamesAsync(string.Empty))
        {
            // A log counts from the completion of its instant on.
            if ((FileNames.TryParseBaseFile("", name, 0, out var stored) && stored.Instant != compaction.RequestedTime)
                || (FileNames.TryParseLogFile("", name, 0, out var log) && string.CompareOrdinal(timeline.CompletionTimeOf(log.Instant), compaction.RequestedTime) < 0))
            {
                await files.DeleteAsync(name);
            }
        }

        // Its base file, and a log of each instant of the table since.
        Assert.Equal(
            1 + timeline.Instants.Count(i => i is { IsCompleted: true, Action: Actions.DeltaCommit } && string.CompareOrdinal(i.CompletionTime, compaction.RequestedTime) > 0),
            (await files.ListNamesAsync(string.Empty)).Count(n => n.Contains("files-0000-0", StringComparison.Ordinal)));
        await MetadataCheck.RunAsync(store, "from the compaction on");
    }

    [Fact]
    public async Task A_compaction_that_died_is_executed_by_the_next_write()
    {
        var before = await MakeAsync(9, TableType.CopyOnWrite, writes: 9);
        Assert.DoesNotContain((await LoadAsync(before)).Instants, i => i.Action == Actions.Compaction);
        int died = 0;
        for (int n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(before);
            var plan = FaultPlan.At(n, Fault.Before, dies: true, o => o.Mutates && o.Path.StartsWith(MetadataPartitions.Folder, StringComparison.Ordinal));
            await using (var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources))
            {
                await Record.ExceptionAsync(() => table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 50)])]));
            }

            if (!plan.Fired)
            {
                break;
            }

            died++;
            await using (var table = await LakehouseTable.OpenAsync(store, TestTable.Resources))
            {
                await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 60)])]);
            }

            var timeline = await LoadAsync(store);
            Assert.Single(timeline.Instants, i => i is { IsCompleted: true, Action: Actions.Commit });
            Assert.DoesNotContain(timeline.Pending, i => i.Action == Actions.Compaction);
            await MetadataCheck.RunAsync(store, $"died at {n}");
        }

        Assert.InRange(died, 6, 100);
    }

    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    public async Task Old_slices_are_cleaned(int version, TableType type)
    {
        var store = await MakeAsync(version, type, writes: 40);
        var timeline = await LoadAsync(store);
        Assert.Contains(timeline.Instants, i => i is { IsCompleted: true, Action: Actions.Clean });
        Assert.Empty(timeline.Pending);
        var bases = (await new FolderStore(store, MetadataPartitions.Folder).ListNamesAsync(MetadataPartitions.Files)).Count(n => n.EndsWith(".hfile", StringComparison.Ordinal));
        Assert.InRange(bases, 2, 3);
        await CheckListingAsync(store, "cleaned");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task A_clean_that_died_is_finished_by_the_next_write(int version)
    {
        var (before, died) = (await MakeAsync(version, TableType.CopyOnWrite, writes: 30), 0);
        foreach (var folder in new[] { "/.hoodie", "/files" })
        {
            for (int n = 1; ; n += 3)
            {
                var store = await TestTable.CopyAsync(before);
                var plan = FaultPlan.At(n, Fault.Before, dies: true, o => o.Mutates && o.Path.StartsWith(MetadataPartitions.Folder + folder, StringComparison.Ordinal));
                await using (var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources))
                {
                    for (int i = 0; i < 4 && !plan.Fired; i++)
                    {
                        await Record.ExceptionAsync(() => table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 50 + i)])]));
                    }
                }

                if (!plan.Fired)
                {
                    break;
                }

                died++;
                await using (var table = await LakehouseTable.OpenAsync(store, TestTable.Resources))
                {
                    await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 60)])]);
                }

                Assert.DoesNotContain((await LoadAsync(store)).Pending, i => i.Action == Actions.Clean);
                await CheckListingAsync(store, $"died at {n} in {folder}");
            }
        }

        Assert.InRange(died, 10, 200);
    }

    private static async Task CheckListingAsync(IObjectStore store, string where)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var state = await table.RefreshAsync();
        var listing = new MetadataFileListing(async () => (await state.GetMetadataAsync())!);
        foreach (var (partition, files) in await CommittedFiles.ListAsync(store, state.Timeline, default))
        {
            var listed = await listing.ListFilesAsync(partition, default);
            Assert.True(files.OrderBy(f => f.Key, StringComparer.Ordinal).SequenceEqual(listed.ToDictionary(f => f.Name, f => f.Length).OrderBy(f => f.Key, StringComparer.Ordinal)), $"{where}: {partition}");
        }
    }

    [Fact]
    public async Task The_timeline_is_listed_once_for_a_delta_commit_with_its_services_and_records()
    {
        var listed = 0;
        var store = new HookedStore(await MakeAsync(9, TableType.CopyOnWrite, writes: 2))
        {
            Before = (kind, path) =>
            {
                listed += kind == StorageOperationKind.List && path == MetadataPartitions.Folder + "/.hoodie/timeline" ? 1 : 0;
                return Task.CompletedTask;
            },
        };
        await using var table = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(7, 7)])]);
        Assert.Equal(1, listed);
    }

    private static async Task<MemoryObjectStore> MakeAsync(int version, TableType type, int writes)
    {
        var store = new MemoryObjectStore("services");
        await using var table = await LakehouseTable.CreateAsync(
            store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version }, TestTable.Resources);
        for (int i = 0; i < writes; i++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(i, i), TestTable.Of(0, i)])]);
        }

        return store;
    }

    private static async Task<ActiveTimeline> LoadAsync(IObjectStore store)
    {
        var config = await TableConfigFile.LoadAsync(store, LakehouseEnvironment.System);
        return await new MetadataFolder(new TimelineClient(store, config, LakehouseEnvironment.System), config).Client.LoadAsync();
    }
}
