using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Timelines and file listings that real Hudi left.</summary>
public class GoldenTimelineTests
{
    public static TheoryData<string> Names => TestTables.GoldenNames;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Completed_instants_are_those_of_the_scenario(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        Assert.Empty(timeline.UnknownFiles);
        var expected = golden.Scenario.GetProperty("instants").EnumerateArray().Select(i => (i[0].GetString(), i[1].GetString(), i[2].GetString())).ToArray();
        var found = timeline.CompletedWrites.Select(i => ((string?)i.RequestedTime, i.CompletionTime, (string?)i.Action)).ToArray();

        // Its zip holds the files of two runs, its answers only the second.
        Assert.Equal(expected, name == "v9/cow_schema_on_read" ? found[^expected.Length..] : found);

        // Every file is accounted for: its instant is on the timeline, in its state or a higher one.
        foreach (var file in await client.Store.ListNamesAsync(client.Layout.Folder))
        {
            if (client.Layout.TryParse(file, out var instant))
            {
                Assert.Contains(timeline.Find(instant.RequestedTime), i => client.Layout.ComparableAction(i.Action) == client.Layout.ComparableAction(instant.Action) && i.State >= instant.State);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Slices_are_the_files_that_hold_the_rows_of_a_snapshot(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var view = new FileSystemView(client, await client.LoadAsync());
        if (Path.Combine(golden.Expected, "snapshot.jsonl") is var snapshot && File.Exists(snapshot))
        {
            await AssertFilesAsync(client, view, null, snapshot, name);
        }

        foreach (var file in golden.Answers("asof_"))
        {
            var asOf = view.Timeline.AsOf(Path.GetFileNameWithoutExtension(file)["asof_".Length..]);
            await AssertFilesAsync(client, view, asOf, file, name);
        }
    }

    private static async Task AssertFilesAsync(TimelineClient client, FileSystemView view, string? asOf, string file, string name)
    {
        var rows = Golden.Rows(file).ToArray();
        var expected = rows.Select(r => r.TryGetProperty("_hoodie_file_name", out var f) ? f.GetString() : null).ToHashSet();
        var slices = await view.GetAllSlicesAsync(asOf);
        var found = slices.Select(s => s.Base?.FileName ?? s.FileId).ToHashSet();
        if (expected.Contains(null))
        {
            // Virtual keys: no file names in the rows.
            Assert.True(name.Contains("virtual", StringComparison.Ordinal), name);
            return;
        }

        // Rows of logs are named by their file group.
        var places = found.Concat(slices.Where(s => s.Logs.Count > 0).Select(s => s.FileId)).ToHashSet();
        Assert.True(expected.IsSubsetOf(places!), $"{name} as of {asOf}: rows lie in files that no slice has");

        if (name == "v9/cow_schema_on_read")
        {
            // Its zip holds the files of two runs, its answers only the second.
            return;
        }

        // A slice without a row is one whose rows were all deleted.
        foreach (var empty in slices.Where(s => s.Logs.Count == 0).Select(s => s.Base!.FileName).Except(expected))
        {
            Assert.True(await IsEmptyAsync(client, view.Timeline, slices.Single(s => s.Base?.FileName == empty)), $"{name} as of {asOf}: {empty} should be hidden");
        }
    }

    private static async Task<bool> IsEmptyAsync(TimelineClient client, ActiveTimeline timeline, FileSlice slice)
    {
        var metadata = await client.ReadCommitMetadataAsync(timeline.FindCompletedWrite(slice.BaseInstant)!);
        return metadata.PartitionToWriteStats[slice.PartitionPath].Single(s => s.FileId == slice.FileId).NumWrites == 0;
    }

    [Theory]
    [InlineData("v6/mor_pending_compaction")]
    [InlineData("v8/mor_pending_compaction")]
    [InlineData("v9/mor_pending_compaction")]
    [InlineData("v9/mor_log_compaction")]
    public async Task Compaction_plans_read_and_encode_to_an_equal_value(string name)
    {
        var client = TestTables.Client(Golden.Open(name));
        var timeline = await client.LoadAsync();
        var plans = timeline.Instants.Where(i => i.Action is Actions.Compaction or Actions.LogCompaction || (i.Action == Actions.DeltaCommit && client.Store.GetInfoAsync(client.PathOf(new(i.RequestedTime, Actions.LogCompaction, InstantState.Requested))).AsTask().Result is not null)).ToList();
        Assert.NotEmpty(plans);
        foreach (var instant in plans)
        {
            var plan = await client.ReadCompactionPlanAsync(instant.Action == Actions.DeltaCommit ? instant with { Action = Actions.LogCompaction } : instant);
            Assert.NotEmpty(plan.Operations);
            Assert.All(plan.Operations, o => Assert.NotEmpty(o.LogFileNames));
            Assert.Equivalent(plan, CompactionPlan.Read(plan.Write()), strict: true);
        }
    }

    [Theory]
    [InlineData("v6/mor_pending_compaction")]
    [InlineData("v8/mor_pending_compaction")]
    [InlineData("v9/mor_pending_compaction")]
    public async Task A_planned_compaction_does_not_divide_a_slice(string name)
    {
        var client = TestTables.Client(Golden.Open(name));
        var view = new FileSystemView(client, await client.LoadAsync());
        var pending = view.Timeline.Pending.Single(i => i.Action == Actions.Compaction);
        var plan = await client.ReadCompactionPlanAsync(pending);
        var slices = await view.GetAllSlicesAsync();
        foreach (var operation in plan.Operations)
        {
            var slice = slices.Single(s => s.PartitionPath == operation.PartitionPath && s.FileId == operation.FileId);
            Assert.Equal(pending.RequestedTime, slice.PendingCompaction);
            Assert.Equal(operation.BaseFileName, slice.Base?.FileName);
            Assert.Equal(operation.LogFileNames.Order(StringComparer.Ordinal), slice.Logs.Select(l => l.FileName).Intersect(operation.LogFileNames).Order(StringComparer.Ordinal));
        }

        Assert.Equal(plan.Operations.Count, slices.Count(s => s.PendingCompaction is not null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ranges_of_an_incremental_query_hold_the_commits_of_its_rows(string name)
    {
        var golden = Golden.Open(name);
        var timeline = await TestTables.Client(golden).LoadAsync();
        foreach (var file in golden.Answers("incr_"))
        {
            var range = Path.GetFileNameWithoutExtension(file).Split('_');
            var times = timeline.CompletedInRange(range[1], range[2]).Select(i => i.RequestedTime).ToHashSet();
            foreach (var row in Golden.Rows(file))
            {
                var time = row.GetProperty("_hoodie_commit_time").GetString()!;
                Assert.True(times.Contains(time) || timeline.IsBeforeStart(time), $"{Path.GetFileName(file)}: {time}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestTables.CopyOnWriteNames), MemberType = typeof(TestTables))]
    public async Task Commit_metadata_reads_and_encodes_to_an_equal_value(string name)
    {
        var client = TestTables.Client(Golden.Open(name));
        int read = 0;
        foreach (var file in await client.Store.ListNamesAsync(client.Layout.Folder))
        {
            if (!client.Layout.TryParse(file, out var instant) || !(Actions.IsWrite(instant.Action) && instant.State != InstantState.Requested))
            {
                continue;
            }

            read++;
            var content = await client.Store.ReadAsync(client.Layout.Folder + "/" + file);
            var metadata = CommitMetadataCodec.Read(content.Span);
            Assert.True(content.IsEmpty || metadata.OperationType is not null, file);
            foreach (var layout in new[] { 1, 2 })
            {
                var again = CommitMetadataCodec.Read(CommitMetadataCodec.Write(metadata, layout).Span);
                MetadataAssert.Equal(layout == 2 ? metadata : WithoutPrevBaseFile(metadata), again);
            }

            if (client.Layout.Version == 1 && !content.IsEmpty)
            {
                // Hudi 0.15 wrote it: ours is the same, byte for byte.
                Assert.Equal(System.Text.Encoding.UTF8.GetString(content.Span), System.Text.Encoding.UTF8.GetString(CommitMetadataCodec.Write(metadata, 1).Span));
            }
            else if (!name.StartsWith("rs/", StringComparison.Ordinal) && !content.IsEmpty)
            {
                // Hudi's bytes but for the sync markers, which are random there.
                Assert.Equal(Masked(content), Masked(CommitMetadataCodec.Write(metadata, 2)));
            }
        }

        Assert.True(read > 0);
    }

    private static string Masked(ReadOnlyMemory<byte> file)
    {
        var bytes = file.ToArray();
        var record = AvroFile.ReadRecord(bytes, out var schema);
        return schema + Convert.ToHexString(record) + bytes.Length;
    }

    private static CommitMetadata WithoutPrevBaseFile(CommitMetadata metadata) => metadata with
    {
        PartitionToWriteStats = metadata.PartitionToWriteStats.ToDictionary(p => p.Key, p => (IReadOnlyList<WriteStat>)p.Value.Select(s => s with { PrevBaseFile = null }).ToList()),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Other_actions_files_decode(string name)
    {
        var client = TestTables.Client(Golden.Open(name));
        foreach (var file in await client.Store.ListNamesAsync(client.Layout.Folder))
        {
            if (client.Layout.TryParse(file, out var instant) && !Actions.IsWrite(instant.Action))
            {
                var content = await client.Store.ReadAsync(client.Layout.Folder + "/" + file);
                if (!content.IsEmpty)
                {
                    Assert.NotEmpty(AvroValue.Read(content.Span));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_latest_schema_names_the_scenarios_columns(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var schema = await client.ReadLatestSchemaAsync(await client.LoadAsync());
        if (schema is null)
        {
            Assert.Equal("v9/cow_empty", name);
            return;
        }

        var fields = ((Avro.RecordSchema)Avro.Schema.Parse(schema)).Fields.Select(f => f.Name).Where(f => !f.StartsWith("_hoodie_", StringComparison.Ordinal)).ToArray();
        var expected = golden.Scenario.GetProperty("schema").GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString()!).Where(f => !f.StartsWith("_hoodie_", StringComparison.Ordinal));
        Assert.Equal(expected.Order(), fields.Order());
    }
}
