using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.BadInput;

/// <summary>
/// Names in a table's files that lead out of it. The table lies beside another's files in one store, whose operations are looked at: none may reach beyond the table, whatever is asked of it, and what
/// is planted is refused.
/// </summary>
public sealed class PathTraversalTests
{
    private const string Outside = "outside/x_0-0-0_20200101000000000.parquet";
    private static readonly string[] Evil = ["../outside", "a/../../outside", "/outside", "./a", "file:///outside", "s3://other/x", "a\0b", ".hoodie", ".hoodie/metadata/files", ".."];
    private static readonly Dictionary<string, Func<Plant, string, Task>> Places = new()
    {
        ["clean plan: partition"] = (t, evil) => t.RequestAsync(Actions.Clean, Clean(evil, t.BaseFile, [])),
        ["clean plan: partition to be deleted"] = (t, evil) => t.RequestAsync(Actions.Clean, Clean("a", t.BaseFile, [evil])),
        ["rollback plan: partition"] = (t, evil) => t.RequestAsync(Actions.Rollback, new RollbackPlan("20200101000000000", Actions.DeltaCommit, [new RollbackRequest(evil, [Outside], new Dictionary<string, long>())]).Write()),
        ["rollback plan: instant"] = (t, evil) => t.RequestAsync(Actions.Rollback, new RollbackPlan(evil, Actions.DeltaCommit, []).Write()),
        ["restore plan: instant"] = (t, evil) => t.RequestAsync(Actions.Restore, new RestorePlan(t.First, [new InstantInfo(evil, Actions.DeltaCommit)]).Write()),
        ["compaction plan: partition"] = (t, evil) => t.RequestAsync(Actions.Compaction, new CompactionPlan([new CompactionOperation(evil, "x", "20200101000000000", Outside, [], new Dictionary<string, double>())]).Write()),
        ["compaction plan: file group"] = (t, evil) => t.RequestAsync(Actions.Compaction, new CompactionPlan([new CompactionOperation("a", evil + "/x", "20200101000000000", null, [], new Dictionary<string, double>())]).Write()),
        ["clustering plan: partition"] = (t, evil) => t.RequestAsync(Actions.Clustering, Clustering(evil, "x")),
        ["clustering plan: file group"] = (t, evil) => t.RequestAsync(Actions.Clustering, Clustering("a", evil + "/x")),
        ["savepoint: partition"] = (t, evil) => t.SavepointAsync(new SavepointMetadata("me", 0, string.Empty, new Dictionary<string, IReadOnlyList<string>> { [evil] = ["x_0-0-0_20200101000000000.parquet"] })),
        ["commit: partition"] = (t, evil) => t.CommitAsync(new CommitMetadata { OperationType = WriteOperations.Upsert, PartitionToWriteStats = Stats(evil, evil + "/x_0-0-0_20200101000000000.parquet") }),
        ["replace commit: partition"] = (t, evil) => t.CommitAsync(new CommitMetadata { OperationType = WriteOperations.InsertOverwrite, PartitionToReplaceFileIds = new Dictionary<string, IReadOnlyList<string>> { [evil] = ["x"] } }, Actions.ReplaceCommit),
        ["metadata table: partition"] = (t, evil) => t.ListAsync(evil, "x_0-0-0_20200101000000000.parquet"),
        ["metadata table: file"] = (t, evil) => t.ListAsync("a", evil + "/x_0-0-0_20200101000000000.parquet"),
        ["markers of the timeline server"] = (t, evil) => t.MarkersAsync($"{evil}/x_0-0-0_20200101000000000.parquet.marker.CREATE"),
        ["properties: timeline"] = (t, evil) => t.PropertyAsync("hoodie.timeline.path", evil),
        ["properties: history"] = (t, evil) => t.PropertyAsync("hoodie.timeline.history.path", evil),
    };

    public static TheoryData<string> Names() => [.. Places.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_outside_the_table_is_read_written_or_deleted(string place)
    {
        var made = await TestTable.MakeAsync(9, TableType.MergeOnRead, "hoodie.metadata.index.column.stats.enable=false", "hoodie.metadata.index.partition.stats.enable=false");
        foreach (var evil in Evil)
        {
            var plant = await Plant.MakeAsync(made);
            await Places[place](plant, evil);
            var refusals = await plant.UseAsync();
            Assert.True(refusals.Count > 0, $"{place} '{evil}' was not refused.");
            Assert.DoesNotContain(refusals, r => r.Message.Contains('\0') || r.Message.Contains('\n'));
            await plant.CheckAsync($"{place} '{evil}'");
        }
    }

    private static byte[] Clean(string partition, string file, string[] folders) => new CleanPlan(
        null, string.Empty, CleanPolicies.Commits, new Dictionary<string, IReadOnlyList<string>> { [partition] = [file] }, folders, new Dictionary<string, string>()).Write();

    private static byte[] Clustering(string partition, string fileId) => new ClusteringPlan(
        [new ClusteringGroup([new ClusteringSlice(partition, fileId, Outside, [])], new Dictionary<string, double>(), 1)], string.Empty, new Dictionary<string, string>()).Write();

    private static Dictionary<string, IReadOnlyList<WriteStat>> Stats(string partition, string path, string fileId = "x") =>
        new() { [partition] = [new WriteStat { FileId = fileId, Path = path, PartitionPath = partition, PrevCommit = "null", NumWrites = 1, NumInserts = 1, FileSizeInBytes = 10, TotalWriteBytes = 10 }] };

    /// <summary>A table in the folder "table" of a store, with something planted.</summary>
    private sealed class Plant
    {
        private readonly MemoryObjectStore objects;
        private readonly FolderStore store;
        private readonly List<string> reached = [];
        private SortedDictionary<string, string> before = [];
        private TableState state = null!;

        private Plant(MemoryObjectStore objects)
        {
            this.objects = objects;
            store = new FolderStore(
                new HookedStore(objects)
                {
                    Before = (kind, path) =>
                    {
                        lock (reached)
                        {
                            reached.Add($"{kind} {path}");
                        }

                        return Task.CompletedTask;
                    },
                },
                "table");
        }

        public string First { get; private set; } = null!;

        public string BaseFile { get; private set; } = null!;

        public static async Task<Plant> MakeAsync(IObjectStore made)
        {
            var objects = new MemoryObjectStore("shared");
            await foreach (var entry in made.ListAsync(string.Empty, recursive: true))
            {
                await objects.PutAsync("table/" + entry.Path, await made.ReadAsync(entry.Path), PutCondition.None);
            }

            await objects.PutAsync(Outside, new byte[] { 1, 2, 3 }, PutCondition.None);
            await objects.PutAsync("other/x", new byte[] { 1 }, PutCondition.None);
            var plant = new Plant(objects);
            plant.state = await TableState.LoadAsync(plant.store, LakehouseEnvironment.System);
            plant.First = plant.state.Timeline.CompletedWrites.First().RequestedTime;
            plant.BaseFile = (await plant.state.View.GetAllSlicesAsync()).First(s => s.Base is not null).Base!.FileName;
            plant.before = await TestTable.ListAsync(objects);
            return plant;
        }

        public async Task RequestAsync(string action, byte[] plan) => await state.Client.RequestAsync(state.Timeline, action, plan);

        public async Task SavepointAsync(SavepointMetadata metadata)
        {
            var inflight = new Instant(First, Actions.Savepoint, InstantState.Inflight);
            await state.Client.CompleteAsync(await state.Client.StartAsync(inflight with { State = InstantState.Requested }), metadata.Write());
        }

        public async Task CommitAsync(CommitMetadata metadata, string action = Actions.DeltaCommit) =>
            await state.Client.CompleteAsync(await state.Client.BeginCommitAsync(state.Timeline, action), CommitMetadataCodec.Write(metadata with { ExtraMetadata = await SchemaAsync() }, 2));

        /// <summary>Has the metadata table list a file that the commit does not name.</summary>
        public async Task ListAsync(string partition, string file)
        {
            var inflight = await state.Client.BeginCommitAsync(state.Timeline, Actions.DeltaCommit);
            var schema = await state.GetSchemaAsync();
            var commit = new CommitMetadata { OperationType = WriteOperations.Upsert, ExtraMetadata = await SchemaAsync(), PartitionToWriteStats = Stats(partition, partition + "/" + file) };
            try
            {
                var completed = await MetadataWriter.CompleteAsync(state.Client, inflight, commit, new MetadataSource(schema, ParquetSharpFormat.Instance), CancellationToken.None);
                await store.PutAsync(state.Client.PathOf(completed), CommitMetadataCodec.Write(commit with { PartitionToWriteStats = Stats("a", "a/" + BaseFile) }, 2), PutCondition.None);
            }
            catch (LakehouseException e) when (e.Kind != LakehouseErrorKind.Conflict)
            {
                // The metadata table has it; the commit itself refuses the name.
                await state.Client.CompleteAsync(inflight, CommitMetadataCodec.Write(commit with { PartitionToWriteStats = Stats("a", "a/" + BaseFile) }, 2));
            }
        }

        public async Task MarkersAsync(string line)
        {
            var inflight = await state.Client.BeginCommitAsync(state.Timeline, Actions.DeltaCommit);
            await store.PutAsync($".hoodie/.temp/{inflight.RequestedTime}/MARKERS.type", "TIMELINE_SERVER_BASED"u8.ToArray(), PutCondition.None);
            await store.PutAsync($".hoodie/.temp/{inflight.RequestedTime}/MARKERS0", System.Text.Encoding.UTF8.GetBytes(line), PutCondition.None);
        }

        public async Task PropertyAsync(string name, string value)
        {
            var text = System.Text.Encoding.UTF8.GetString((await store.ReadAsync(Config.TableConfig.Path)).Span);
            text = string.Join('\n', text.Split('\n').Where(l => !l.StartsWith(name, StringComparison.Ordinal)).Append($"{name}={value}"));
            await store.PutAsync(Config.TableConfig.Path, System.Text.Encoding.UTF8.GetBytes(text), PutCondition.None);
        }

        /// <summary>All that one can ask of a table; what was refused.</summary>
        public async Task<List<LakehouseException>> UseAsync()
        {
            reached.Clear();
            var refusals = new List<LakehouseException>();
            async Task TryAsync(Func<LakehouseTable, Task> action)
            {
                try
                {
                    await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
                    await action(table);
                }
                catch (LakehouseException e)
                {
                    refusals.Add(e);
                }
            }

            await TryAsync(async t => await TestTable.ReadAsync(t));
            await TryAsync(async t => await t.ReadAsync(new ReadOptions { Begin = "0" }).CountAsync());
            await TryAsync(t => t.ValidateAsync());
            await TryAsync(t => t.GetStatisticsAsync());
            await TryAsync(t => t.GetSavepointsAsync());
            await TryAsync(t => t.ExecuteCompactionAsync());
            await TryAsync(t => t.ExecuteClusteringAsync());
            await TryAsync(t => t.CleanAsync(new CleanOptions { CommitsRetained = 1 }));
            await TryAsync(t => t.RestoreAsync(First));
            await TryAsync(t => TestTable.RunAsync(t, WriteOperation.Upsert));
            await TryAsync(t => t.CompactAsync(new CompactionOptions { DeltaCommits = 1 }));
            await TryAsync(t => t.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = new CleanOptions { CommitsRetained = 1 } }));
            await TryAsync(t => t.RepairAsync());
            return refusals;
        }

        public async Task CheckAsync(string what)
        {
            Assert.All(reached, r => Assert.True(r[(r.IndexOf(' ', StringComparison.Ordinal) + 1)..].StartsWith("table", StringComparison.Ordinal) && !r.Contains("..", StringComparison.Ordinal) && !r.Contains("//", StringComparison.Ordinal), $"{what}: {r}"));
            var after = await TestTable.ListAsync(objects);
            bool IsOutside(KeyValuePair<string, string> o) => !o.Key.StartsWith("table/", StringComparison.Ordinal);
            Assert.Equal(before.Where(IsOutside), after.Where(IsOutside));

            // What is the table's own to know where its rows are is there still.
            Assert.Contains("table/" + Config.TableConfig.Path, after.Keys);
        }

        private async Task<Dictionary<string, string>> SchemaAsync() => new() { [CommitMetadata.SchemaKey] = (await state.GetSchemaAsync()).ToAvroJson(withMetaColumns: false) };
    }
}
