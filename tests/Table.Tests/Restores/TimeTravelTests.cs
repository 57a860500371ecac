using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Restores;

/// <summary>Random histories of all operations and services; after each step the table is read as of every instant that a cleaner has left.</summary>
public sealed class TimeTravelTests
{
    internal enum Act
    {
        Upsert,
        Delete,
        Overwrite,
        OverwriteTable,
        DeletePartition,
        Compact,
        Plan,
        CompactLogs,
        Cluster,
        Clean,
        Archive,
        Savepoint,
        DeleteSavepoint,
        Rollback,
        Restore,
    }

    private static Arbitrary<(int Version, TableType Type, (Act Act, int Seed)[] Steps)> Histories => Past.Histories(
        16,
        (8, Act.Upsert), (2, Act.Delete), (2, Act.Overwrite), (1, Act.OverwriteTable), (1, Act.DeletePartition), (2, Act.Compact), (1, Act.Plan), (1, Act.CompactLogs), (2, Act.Cluster), (2, Act.Clean),
        (2, Act.Archive), (1, Act.Savepoint), (1, Act.DeleteSavepoint), (1, Act.Rollback), (1, Act.Restore));

    [Fact]
    public void Every_retained_instant_reads_as_it_was() => Prop.ForAll(Histories, h => new Run(h.Version, h.Type).CheckAsync(h.Steps).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
        .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 15));

    private sealed class Run(int version, TableType type) : Past(version, type)
    {
        private static readonly WriteOptions Write = new() { AutoClean = false, AutoArchive = false };

        private readonly HashSet<string> archived = [];
        private string kept = string.Empty;

        public async Task CheckAsync((Act Act, int Seed)[] steps)
        {
            await using var table = await CreateAsync();
            await WriteAsync(table, WriteOperation.Upsert, Enumerable.Range(0, 12).Select(i => TestTable.Of(i, 1)), Write);
            var ts = 1;
            foreach (var (act, seed) in steps)
            {
                await StepAsync(table, act, new System.Random(seed), ++ts);
                Assert.Equal(Now, await TestTable.ReadAsync(table));
                await TravelAsync(table, act);
            }

            await using var fresh = await LakehouseTable.OpenAsync(Store, new LakehouseOptions { UseMetadataTable = false });
            Assert.Equal(Now, await TestTable.ReadAsync(fresh));
            await TravelAsync(fresh, null);
            Assert.Empty(await fresh.ValidateAsync());
        }

        private async Task TravelAsync(LakehouseTable table, Act? after)
        {
            foreach (var (instant, was) in Instants)
            {
                try
                {
                    var found = await ReadAsync(table, instant);
                    Assert.True(found == was, $"After {after}, as of {instant} of {string.Join(" ", Instants.Select(p => p.Instant))}:\n{found}\nnot\n{was}");
                }
                catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.InvalidInput && string.CompareOrdinal(instant, kept) < 0)
                {
                    // What a cleaner has taken is refused.
                }
            }
        }

        private async Task StepAsync(LakehouseTable table, Act act, System.Random random, int ts)
        {
            IEnumerable<Row> Some(int most, string? part = null) => Enumerable.Range(0, random.Next(1, most)).Select(_ => random.Next(20)).Distinct().Select(i => TestTable.Of(i, ts)).Where(r => part is null || r.Part == part);
            var part = random.Next(2) == 0 ? "a" : "b";
            switch (act)
            {
                case Act.Upsert or Act.Delete:
                    await WriteAsync(table, act == Act.Upsert ? WriteOperation.Upsert : WriteOperation.Delete, Some(6), Write);
                    break;
                case Act.Overwrite or Act.OverwriteTable:
                    await MaybeAsync(() => WriteAsync(table, act == Act.Overwrite ? WriteOperation.InsertOverwrite : WriteOperation.InsertOverwriteTable, Some(8, act == Act.Overwrite ? part : null), Write));
                    break;
                case Act.DeletePartition:
                    await MaybeAsync(async () => Committed((await table.DeletePartitionsAsync([part], new DeletePartitionsOptions { Services = Write })).Instant, () => Remove(part)));
                    break;
                case Act.Compact when Type == TableType.MergeOnRead:
                    Add((await table.CompactAsync()).Select(c => c.Instant!));
                    break;
                case Act.Plan when Type == TableType.MergeOnRead:
                    await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
                    break;
                case Act.CompactLogs when Type == TableType.MergeOnRead:
                    Add((await table.LogCompactAsync(new CompactionOptions { LogBlocksThreshold = 2 })).Select(c => c.Instant!));
                    break;
                case Act.Cluster:
                    Add((await table.ClusterAsync(new ClusteringOptions { SortColumns = ["text"] })).Select(c => c.Instant!));
                    break;
                case Act.Clean:
                    var cleans = await table.CleanAsync(new CleanOptions { CommitsRetained = random.Next(1, 4) });
                    kept = cleans.Select(c => c.EarliestCommitRetained ?? string.Empty).Append(kept).Max(StringComparer.Ordinal)!;
                    break;
                case Act.Archive:
                    await MaybeAsync(async () => archived.UnionWith((await table.ArchiveAsync(new ArchiveOptions { MinCommits = 3, MaxCommits = 4 })).Instants.Select(i => i.Instant)));
                    break;
                case Act.Savepoint:
                    await MaybeAsync(async () => await table.SavepointAsync(Instants[random.Next(Instants.Count)].Instant));
                    break;
                case Act.DeleteSavepoint when (await table.GetSavepointsAsync()).FirstOrDefault() is { } savepoint:
                    await table.DeleteSavepointAsync(savepoint.Instant);
                    break;
                case Act.Rollback when Instants.Count > 1:
                    await MaybeAsync(async () =>
                    {
                        await table.RollbackAsync(Instants[^1].Instant);
                        Instants.RemoveAt(Instants.Count - 1);
                        Become(Instants[^1].Rows);
                    });
                    break;
                case Act.Restore:
                    var target = Instants[random.Next(Instants.Count)];
                    await MaybeAsync(async () =>
                    {
                        await table.RestoreAsync(target.Instant);
                        var there = (await table.RefreshAsync()).Timeline.CompletedWrites.Select(i => i.RequestedTime).Concat(archived).ToHashSet();
                        Instants.RemoveAll(p => !there.Contains(p.Instant));
                        Become(target.Rows);
                    });
                    break;
            }
        }

        // Savepoints, planned services, cleaned files and archived commits stand in the way of some steps, which then do nothing.
        private static async Task MaybeAsync(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (LakehouseException e) when (e.Kind is LakehouseErrorKind.Unsupported or LakehouseErrorKind.Conflict or LakehouseErrorKind.InvalidInput or LakehouseErrorKind.NotFound)
            {
            }
        }

        // A service changes no rows; what was planned before a write and executed after it is earlier than it.
        private void Add(IEnumerable<string> instants)
        {
            foreach (var instant in instants)
            {
                var at = Instants.FindLastIndex(p => string.CompareOrdinal(p.Instant, instant) < 0);
                Instants.Insert(at + 1, (instant, Instants[at].Rows));
            }
        }

        private static async Task<string> ReadAsync(LakehouseTable table, string asOf)
        {
            var found = new List<string>();
            await foreach (var batch in table.ReadAsync(new ReadOptions { AsOf = asOf, Columns = ["id", "part", "ts", "text"] }))
            {
                var (id, part, ts, text) = ((StringArray)batch.Column(0), (StringArray)batch.Column(1), (Int64Array)batch.Column(2), (StringArray)batch.Column(3));
                found.AddRange(Enumerable.Range(0, batch.Length).Select(i => $"{id.GetString(i)} {part.GetString(i)} {ts.GetValue(i)} {text.GetString(i)}"));
            }

            return string.Join('\n', found.Order(StringComparer.Ordinal));
        }
    }
}
