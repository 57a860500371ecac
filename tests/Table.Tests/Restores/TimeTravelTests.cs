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

    private static Arbitrary<(int Version, TableType Type, (Act Act, int Seed)[] Steps)> Histories => Arb.From(
        from version in Gen.Elements(6, 8, 9)
        from type in Gen.Elements(TableType.CopyOnWrite, TableType.MergeOnRead)
        from steps in Gen.ListOf(
            from act in Gen.Frequency(
                (8, Gen.Constant(Act.Upsert)), (2, Gen.Constant(Act.Delete)), (2, Gen.Constant(Act.Overwrite)), (1, Gen.Constant(Act.OverwriteTable)), (1, Gen.Constant(Act.DeletePartition)),
                (2, Gen.Constant(Act.Compact)), (1, Gen.Constant(Act.Plan)), (1, Gen.Constant(Act.CompactLogs)), (2, Gen.Constant(Act.Cluster)), (2, Gen.Constant(Act.Clean)), (2, Gen.Constant(Act.Archive)),
                (1, Gen.Constant(Act.Savepoint)), (1, Gen.Constant(Act.DeleteSavepoint)), (1, Gen.Constant(Act.Rollback)), (1, Gen.Constant(Act.Restore)))
            from seed in Gen.Choose(0, 1_000_000)
            select (act, seed))
        select (version, type, steps.Take(16).ToArray()));

    [Fact]
    public void Every_retained_instant_reads_as_it_was() => Prop.ForAll(Histories, h => new Run(h.Version, h.Type).CheckAsync(h.Steps).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
        .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 15));

    private sealed class Run(int version, TableType type)
    {
        private static readonly WriteOptions Write = new() { AutoClean = false, AutoArchive = false };

        private readonly IObjectStore store = new MemoryObjectStore("travel");
        private readonly List<(string Instant, string Rows)> past = [];
        private readonly HashSet<string> archived = [];
        private readonly SortedDictionary<string, string> rows = new(StringComparer.Ordinal);
        private string kept = string.Empty;

        private string Now => string.Join('\n', rows.Values);

        public async Task CheckAsync((Act Act, int Seed)[] steps)
        {
            await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version }, TestTable.Resources);
            await WriteAsync(table, WriteOperation.Upsert, Enumerable.Range(0, 12).Select(i => TestTable.Of(i, 1)));
            var ts = 1;
            foreach (var (act, seed) in steps)
            {
                await StepAsync(table, act, new System.Random(seed), ++ts);
                Assert.Equal(Now, await TestTable.ReadAsync(table));
                await TravelAsync(table, act);
            }

            await using var fresh = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
            Assert.Equal(Now, await TestTable.ReadAsync(fresh));
            await TravelAsync(fresh, null);
            Assert.Empty(await fresh.ValidateAsync());
        }

        private async Task TravelAsync(LakehouseTable table, Act? after)
        {
            foreach (var (instant, was) in past)
            {
                try
                {
                    var found = await ReadAsync(table, instant);
                    Assert.True(found == was, $"After {after}, as of {instant} of {string.Join(" ", past.Select(p => p.Instant))}:\n{found}\nnot\n{was}");
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
                    await WriteAsync(table, act == Act.Upsert ? WriteOperation.Upsert : WriteOperation.Delete, Some(6));
                    break;
                case Act.Overwrite or Act.OverwriteTable:
                    await MaybeAsync(() => WriteAsync(table, act == Act.Overwrite ? WriteOperation.InsertOverwrite : WriteOperation.InsertOverwriteTable, Some(8, act == Act.Overwrite ? part : null)));
                    break;
                case Act.DeletePartition:
                    await MaybeAsync(async () => Committed((await table.DeletePartitionsAsync([part], new DeletePartitionsOptions { Services = Write })).Instant, () => Remove(part)));
                    break;
                case Act.Compact when type == TableType.MergeOnRead:
                    Add((await table.CompactAsync()).Select(c => c.Instant!));
                    break;
                case Act.Plan when type == TableType.MergeOnRead:
                    await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
                    break;
                case Act.CompactLogs when type == TableType.MergeOnRead:
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
                    await MaybeAsync(async () => await table.SavepointAsync(past[random.Next(past.Count)].Instant));
                    break;
                case Act.DeleteSavepoint when (await table.GetSavepointsAsync()).FirstOrDefault() is { } savepoint:
                    await table.DeleteSavepointAsync(savepoint.Instant);
                    break;
                case Act.Rollback when past.Count > 1:
                    await MaybeAsync(async () =>
                    {
                        await table.RollbackAsync(past[^1].Instant);
                        past.RemoveAt(past.Count - 1);
                        Become(past[^1].Rows);
                    });
                    break;
                case Act.Restore:
                    var target = past[random.Next(past.Count)];
                    await MaybeAsync(async () =>
                    {
                        await table.RestoreAsync(target.Instant);
                        var there = (await table.RefreshAsync()).Timeline.CompletedWrites.Select(i => i.RequestedTime).Concat(archived).ToHashSet();
                        past.RemoveAll(p => !there.Contains(p.Instant));
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

        private async Task WriteAsync(LakehouseTable table, WriteOperation operation, IEnumerable<Row> changes)
        {
            Row[] input = [.. changes];
            Committed((await table.WriteAsync(operation, Row.ToBatches(input, 4).ToAsyncEnumerable(), Write)).Instant, () =>
            {
                if (operation == WriteOperation.InsertOverwriteTable)
                {
                    rows.Clear();
                }

                foreach (var part in operation == WriteOperation.InsertOverwrite ? input.Select(r => r.Part).Distinct() : [])
                {
                    Remove(part);
                }

                foreach (var row in input)
                {
                    if (operation == WriteOperation.Delete)
                    {
                        rows.Remove(row.Id);
                    }
                    else
                    {
                        rows[row.Id] = $"{row.Id} {row.Part} {row.Ts} {row.Text}";
                    }
                }
            });
        }

        private void Committed(string? instant, Action change)
        {
            if (instant is not null)
            {
                change();
                past.Add((instant, Now));
            }
        }

        // A service changes no rows; what was planned before a write and executed after it is earlier than it.
        private void Add(IEnumerable<string> instants)
        {
            foreach (var instant in instants)
            {
                var at = past.FindLastIndex(p => string.CompareOrdinal(p.Instant, instant) < 0);
                past.Insert(at + 1, (instant, past[at].Rows));
            }
        }

        private void Remove(string part)
        {
            foreach (var id in rows.Where(r => r.Value.Contains($" {part} ", StringComparison.Ordinal)).Select(r => r.Key).ToList())
            {
                rows.Remove(id);
            }
        }

        private void Become(string text)
        {
            rows.Clear();
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                rows[line[..4]] = line;
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
