using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Cleans of either, in turns.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Cleans_of_either_are_right_to_the_other(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "clean");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            new LakehouseOptions { Write = new WriteOptions { AutoClean = false } },
            default);
        (string, string)[] theirs = [("hoodie.clean.commits.retained", "2"), ("hoodie.keep.min.commits", "20"), ("hoodie.keep.max.commits", "30"), ("hoodie.clean.automatic", "true")];
        for (int i = 0; i < 4; i++)
        {
            await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 6 + i), ts: i)]);
            if (type == TableType.MergeOnRead)
            {
                await table.CompactAsync();
            }
        }

        var options = new CleanOptions { CommitsRetained = 2 };
        Assert.NotEmpty((await table.CleanAsync(options)).Single().Files);
        await SameAsync(hudi, table, path, "our clean");
        await SameAsOfAsync(hudi, table, path);

        // Hudi's next write cleans after itself, from where ours ended.
        Write(hudi, path, version, true, type, Lines([1, 2, 50], ts: 30), more: theirs);
        if (type == TableType.CopyOnWrite)
        {
            Assert.Equal(2, (await table.RefreshAsync()).Timeline.Instants.Count(i => i.IsCompleted && i.Action == Actions.Clean));
        }

        await SameAsync(hudi, table, path, "Hudi's clean after ours");
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 4), ts: 40)]);
        await table.CleanAsync(options);
        await SameAsync(hudi, table, path, "our clean after Hudi's");
        await SameAsOfAsync(hudi, table, path);

        // One that we have planned and left is finished by Hudi.
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 4), ts: 50)]);
        await table.CompactIfAsync(type);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 4), ts: 60)]);
        var state = await table.RefreshAsync();
        var plan = await new CleanPlanner(state.Client, new FileSystemView(state.Client, state.Timeline, changeData: true), options.Rule).PlanAsync(default);
        Assert.NotEqual(0, plan.FileCount);
        var left = await state.Client.RequestAsync(state.Timeline, Actions.Clean, plan.Write());
        Write(hudi, path, version, true, type, Lines([3], ts: 70), more: theirs);
        Assert.True((await table.RefreshAsync()).Timeline.Find(left.RequestedTime).Single().IsCompleted);
        Assert.All(plan.Files.Values.SelectMany(f => f), f => Assert.False(File.Exists(f)));
        await SameAsync(hudi, table, path, "our plan, executed by Hudi");
    }

    [Theory]
    [InlineData(9)]
    public async Task A_partition_that_we_cleaned_away_is_gone_for_Hudi(int version)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "gone");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 6), ts: 1)]);
        await table.DeletePartitionsAsync(["lisbon"]);
        await table.UpsertAsync([await Rows(schema, [1, 3], ts: 2)]);
        await table.UpsertAsync([await Rows(schema, [1, 3], ts: 3)]);
        Assert.Equal(["lisbon"], (await table.CleanAsync(new CleanOptions { CommitsRetained = 1 })).Single().Partitions);
        Assert.False(Directory.Exists(Path.Combine(path, "lisbon")));
        await SameAsync(hudi, table, path, "a partition cleaned away");
        Write(hudi, path, version, true, TableType.CopyOnWrite, Lines([0, 2], ts: 30));
        await SameAsync(hudi, table, path, "Hudi's write to it");
    }

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Archives_of_either_are_read_by_the_other(int version, TableType type)
    {
        var hudi = RequireHudi(always: version != 8);
        var path = Path.Combine(root, "archive");
        var schema = TableSchema.FromDdl(Ddl, "t");
        var clean = new CleanOptions { CommitsRetained = 1 };
        var write = new WriteOptions { Clean = clean, Archive = new ArchiveOptions { MinCommits = 3, MaxCommits = 4, HistoryBatch = 2 }, InlineCompaction = InlineCompaction.Execute, Compaction = new CompactionOptions { DeltaCommits = 2 } };
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            new LakehouseOptions { Write = write },
            default);
        var commits = new List<string>();
        for (int i = 0; i < 16; i++)
        {
            commits.Add((await table.UpsertAsync([await Rows(schema, Enumerable.Range(i, 4), ts: i)])).Instant!);
        }

        await ArchivedAsync(hudi, table, path, commits, least: 3);
        await SameAsync(hudi, table, path, "our archiving");

        // Hudi archives after each of its writes.
        (string, string)[] theirs =
            [("hoodie.clean.commits.retained", "1"), ("hoodie.keep.min.commits", "3"), ("hoodie.keep.max.commits", "4"), ("hoodie.timeline.compaction.batch.size", "2"), ("hoodie.compact.inline", type == TableType.MergeOnRead ? "true" : "false"), ("hoodie.compact.inline.max.delta.commits", "2")];
        for (int i = 0; i < 5; i++)
        {
            Write(hudi, path, version, true, type, Lines([i, 40 + i], ts: 30 + i), more: theirs);
        }

        await SameAsync(hudi, table, path, "Hudi's archiving after ours");
        var before = (await (await table.RefreshAsync()).Client.ReadArchivedAsync()).Instants.Count;
        for (int i = 0; i < 6; i++)
        {
            commits.Add((await table.UpsertAsync([await Rows(schema, Enumerable.Range(i, 4), ts: 50 + i)])).Instant!);
        }

        var archived = await ArchivedAsync(hudi, table, path, commits, least: before + 1);
        await SameAsync(hudi, table, path, "our archiving after Hudi's");
        var old = archived.Instants.Where(i => Actions.IsWrite(i.Instant.Action)).ElementAt(4).Instant;
        var begin = version == 6 ? old.RequestedTime : old.CompletionTime!;
        if (version == 6 && type == TableType.MergeOnRead)
        {
            // There Hudi 1.2 leaves out rows of file groups that no active commit has touched, which its snapshot has.
            return;
        }

        Same(Ask(hudi, path, "incremental", new JsonObject { ["begin"] = begin }), await ReadAsync(table, new ReadOptions { Begin = begin }), "a range that begins among archived instants");
    }

    // Both know the same instants, and each of our commits is active or archived.
    private static async Task<ArchivedTimeline> ArchivedAsync(TestSupport.Oracle hudi, LakehouseTable table, string path, List<string> commits, int least)
    {
        var state = await table.RefreshAsync();
        var archived = await state.Client.ReadArchivedAsync(withContent: true);
        Assert.True(archived.Instants.Count >= least, $"{archived.Instants.Count} instants are archived");
        Assert.All(commits, c => Assert.True(state.Timeline.FindCompletedWrite(c) is not null ^ archived.FindWrite(c) is not null, c));
        var told = hudi.Ask(new JsonObject { ["op"] = "describe", ["table"] = path });
        static IEnumerable<string> Told(System.Text.Json.JsonElement instants) => instants.EnumerateArray()
            .Where(i => i.GetProperty("state").GetString() == "COMPLETED").Select(i => i.GetProperty("requested").GetString() + "." + i.GetProperty("action").GetString());
        Assert.Equal(archived.Instants.Select(i => i.RequestedTime + "." + i.Instant.Action).Order(), Told(told.GetProperty("archived")).Distinct().Order());
        Assert.Equal(state.Timeline.Instants.Where(i => i.IsCompleted).Select(i => i.RequestedTime + "." + i.Action).Order(), Told(told.GetProperty("active")).Order());
        return archived;
    }

    private async Task SameAsOfAsync(TestSupport.Oracle hudi, LakehouseTable table, string path)
    {
        var state = await table.RefreshAsync();
        var earliest = (await state.Client.ReadCleanMetadataAsync(state.Timeline.Instants.Last(i => i.IsCompleted && i.Action == Actions.Clean))).EarliestCommitToRetain;
        foreach (var instant in state.Timeline.CompletedWrites.Where(i => string.CompareOrdinal(i.RequestedTime, earliest) >= 0))
        {
            Same(Ask(hudi, path, "snapshot", new JsonObject { ["as_of"] = instant.RequestedTime }), await ReadAsync(table, new ReadOptions { AsOf = instant.RequestedTime }), $"as of {instant.RequestedTime}");
        }
    }
}

internal static class CompactIf
{
    public static async Task CompactIfAsync(this LakehouseTable table, TableType type)
    {
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
        }
    }
}
