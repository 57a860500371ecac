using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>The metadata table's timeline does not grow without end, none of its instants is lost, and it stays right; whatever fails on the way.</summary>
public sealed class MetadataArchivalTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Its_timeline_is_archived_with_the_tables(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var all = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 90; i++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(i % 7, 10 + i)])], i % 30 == 29 ? new WriteOptions { AutoArchive = false } : null);
            var (active, archived) = await InstantsAsync(table);
            all.UnionWith(active);

            // As many as the table keeps, with its cleans, and those since the last compaction.
            Assert.True(active.Count < 95, $"{active.Count} after {i} upserts");
            Assert.True(all.SetEquals(active.Concat(archived)), $"after {i} upserts");
        }

        Assert.NotEmpty((await InstantsAsync(table)).Archived);
        await RightAsync(store);
    }

    [Theory]
    [InlineData(9, Fault.Before)]
    [InlineData(9, Fault.LostReply)]
    [InlineData(6, Fault.Before)]
    public async Task Each_change_may_be_the_last(int version, Fault fault)
    {
        var original = await BeforeFirstAsync(version);
        for (int n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = FaultPlan.At(n, fault, dies: true, counts: static o => o.Mutates && o.Path.StartsWith(MetadataPartitions.Folder + "/.hoodie/", StringComparison.Ordinal));
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, faults), TestTable.Resources);
                await dying.UpsertAsync([Row.ToBatch([TestTable.Of(2, 500)])]);
            });
            await faults.ReleaseDelayedAsync();
            Assert.True(error is null or LakehouseException, error?.ToString());
            await RightAsync(store, unfinished: true);
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(4, 600)])]);
            await RightAsync(store);
            var (active, archived) = await InstantsAsync(table);
            Assert.Empty(active.Intersect(archived));
            Assert.NotEmpty(archived);
            if (!faults.Fired)
            {
                Assert.True(n > 12, $"only {n - 1} operations were made");
                return;
            }
        }
    }

    // The table just before the write that archives the metadata table's timeline for the first time.
    private static async Task<MemoryObjectStore> BeforeFirstAsync(int version)
    {
        var store = await TestTable.MakeAsync(version);
        while (true)
        {
            var before = await TestTable.CopyAsync(store);
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 10)])]);
            if ((await InstantsAsync(table)).Archived.Count > 0)
            {
                return before;
            }
        }
    }

    private static async Task RightAsync(IObjectStore store, bool unfinished = false)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        Assert.DoesNotContain(await table.ValidateAsync(), p => !unfinished || p.Kind != TableProblemKind.UnfinishedWrite);
        await using var plain = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
        Assert.Equal(await TestTable.ReadAsync(plain), await TestTable.ReadAsync(table));
    }

    private static async Task<(List<string> Active, List<string> Archived)> InstantsAsync(LakehouseTable table)
    {
        var state = await table.RefreshAsync();
        var client = new MetadataFolder(state.Client, state.Config).Client;
        var archived = await client.ReadArchivedAsync(withContent: false);
        return ([.. (await client.LoadAsync()).Instants.Where(i => i.IsCompleted).Select(i => i.RequestedTime + i.Action)], [.. archived.Instants.Select(i => i.Instant.RequestedTime + i.Instant.Action)]);
    }
}
