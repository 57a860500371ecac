using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Compactions;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>Random histories of writes, services and cleans: what was seen right after a commit is seen as of it as long as the cleaner says so.</summary>
public sealed class CleaningModelTests
{
    [Fact]
    public void Time_travel_to_each_retained_commit_loses_nothing() =>
        Prop.ForAll(AnyHistory(), h => CheckAsync(h).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult()).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Tests));

    internal enum Act
    {
        Upsert,
        Delete,
        BulkInsert,
        Compact,
        PlanCompaction,
        Savepoint,
        Clean,
        Archive,
    }

    internal sealed record History(int Version, bool MergeOnRead, CleaningPolicy Policy, int Retained, bool Incremental, IReadOnlyList<(Act Act, int Seed)> Acts)
    {
        public override string ToString() => $"v{Version} mergeOnRead={MergeOnRead} {Policy} {Retained} incremental={Incremental}: {string.Join(", ", Acts)}";
    }


    private static Arbitrary<History> AnyHistory() => Arb.From(
        from version in Gen.Elements(6, 8, 9)
        from mergeOnRead in Gen.Elements(true, false)
        from policy in Gen.Elements(CleaningPolicy.KeepLatestCommits, CleaningPolicy.KeepLatestCommits, CleaningPolicy.KeepLatestFileVersions)
        from retained in Gen.Choose(1, 4)
        from incremental in Gen.Elements(true, false)
        from acts in Gen.ListOf(
            from act in Gen.Frequency(
                (6, Gen.Constant(Act.Upsert)), (1, Gen.Constant(Act.Delete)), (1, Gen.Constant(Act.BulkInsert)), (mergeOnRead ? 2 : 0, Gen.Constant(Act.Compact)),
                (mergeOnRead ? 1 : 0, Gen.Constant(Act.PlanCompaction)), (1, Gen.Constant(Act.Savepoint)), (3, Gen.Constant(Act.Clean)), (2, Gen.Constant(Act.Archive)))
            from seed in Gen.Choose(0, 1000)
            select (act, seed), 16)
        select new History(version, mergeOnRead, policy, retained, incremental, [.. acts]));

    private static async Task CheckAsync(History history)
    {
        var store = new MemoryObjectStore("clean");
        await using var table = await LakehouseTable.CreateAsync(
            store,
            Row.Schema,
            new TableOptions { Name = "t", Type = history.MergeOnRead ? TableType.MergeOnRead : TableType.CopyOnWrite, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = history.Version },
            new LakehouseOptions { Threads = 2, Write = new WriteOptions { ExactRowGroupRows = 8, SmallFileLimit = history.MergeOnRead ? 0 : 8_000, BloomEntries = 50, AutoClean = false } });
        var seen = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        string? earliest = null;
        foreach (var (act, seed) in history.Acts.Prepend((Act.BulkInsert, 0)))
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 1 + random.Next(6)).Select(_ => TestTable.Of(act == Act.BulkInsert ? seen.Count * 20 + random.Next(10) : random.Next(12), seen.Count + 1)).DistinctBy(r => r.Id).ToList();
            switch (act)
            {
                case Act.Upsert or Act.Delete or Act.BulkInsert:
                    var written = await table.WriteAsync(act == Act.Upsert ? WriteOperation.Upsert : act == Act.Delete ? WriteOperation.Delete : WriteOperation.BulkInsert, Row.ToBatches(rows, 4).ToAsyncEnumerable());
                    if (written.Instant is { } instant)
                    {
                        seen[instant] = await TableRows.ReadAsync(table);
                    }

                    break;
                case Act.Compact:
                    await table.CompactAsync();
                    break;
                case Act.PlanCompaction:
                    await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
                    break;
                case Act.Savepoint when (await table.RefreshAsync()).Timeline.LatestCompletedWrite is { } latest && !(await table.RefreshAsync()).Timeline.Savepoints.Contains(latest.RequestedTime):
                    await table.SavepointAsync(latest.RequestedTime);
                    break;
                case Act.Clean:
                    earliest = await CleanAsync(table, store, history, earliest);
                    break;
                case Act.Archive:
                    await ArchiveAsync(table, seen.Keys, history, seed);
                    break;
            }

            await CheckMetadataAsync(table, $"{act}");
            foreach (var (instant, expected) in seen.Where(s => history.Policy == CleaningPolicy.KeepLatestCommits && string.CompareOrdinal(s.Key, earliest) >= 0))
            {
                Assert.Equal(expected, await TableRows.ReadAsync(table, new ReadOptions { AsOf = instant }));
            }

            Assert.Equal(seen.Values.LastOrDefault() ?? [], await TableRows.ReadAsync(table));
        }
    }

    private static async Task CheckMetadataAsync(LakehouseTable table, string where)
    {
        var state = await table.RefreshAsync();
        if (!state.HasMetadata)
        {
            return;
        }

        var listing = new MetadataFileListing(async () => (await state.GetMetadataAsync())!);
        var partitions = await listing.ListPartitionsAsync((_, _) => { }, default);
        foreach (var (partition, files) in await CommittedFiles.ListAsync(state.Store, state.Timeline, default))
        {
            Assert.True(files.Count == 0 || partitions.Contains(partition), where);
            var listed = (await listing.ListFilesAsync(partition, default)).ToDictionary(f => f.Name, f => f.Length);
            Assert.All(files, f => Assert.True(listed.GetValueOrDefault(f.Key, -1) == f.Value, $"{where}: '{partition}' has {f}, which is not listed so"));

            // Version 6 names logs by a compaction that is only planned.
            Assert.All(listed.Keys.Except(files.Keys), name => Assert.True(state.Store.GetInfoAsync(ObjectPath.Join(partition, name)).AsTask().Result is not null, $"{where}: {name} is listed in '{partition}'"));
        }
    }

    private static async Task ArchiveAsync(LakehouseTable table, IEnumerable<string> commits, History history, int seed)
    {
        ArchiveOptions Options(bool dryRun) => new()
        {
            MinCommits = 1 + (seed % 3),
            MaxCommits = 3 + (seed % 3),
            HistoryBatch = 2,
            BeyondSavepoint = seed % 2 == 0,
            Clean = new CleanOptions { Policy = history.Policy, CommitsRetained = history.Retained, FileVersionsRetained = history.Retained },
            DryRun = dryRun,
        };
        var changes = await TableRows.ReadAsync(table, new ReadOptions { Begin = "000" });
        var planned = await table.ArchiveAsync(Options(dryRun: true));
        Assert.Equal(planned.Instants, (await table.ArchiveAsync(Options(dryRun: false))).Instants);

        // Each commit is in one of the two, and what they wrote is told as before.
        var state = await table.RefreshAsync();
        var archived = await state.Client.ReadArchivedAsync(withContent: true);
        Assert.All(planned.Instants, i => Assert.Contains(archived.Instants, a => a.RequestedTime == i.Instant && a.Instant.Action == i.Action));
        Assert.All(commits, c => Assert.True(state.Timeline.FindCompletedWrite(c) is not null ^ archived.FindWrite(c)?.Commit is not null, c));
        Assert.All(archived.Instants.Where(i => i.Instant.Action == Actions.Clean), c => Assert.NotNull(c.Clean));
        Assert.Equal(changes, await TableRows.ReadAsync(table, new ReadOptions { Begin = "000" }));
        if (archived.Instants.LastOrDefault(i => Actions.IsWrite(i.Instant.Action)) is { } last)
        {
            var begin = history.Version == 6 ? last.RequestedTime : last.Instant.CompletionTime!;
            Assert.Equal((await table.RefreshAsync()).Timeline.CompletedInRange(begin, null).Select(i => i.RequestedTime), (await state.Client.ResolveRangeAsync(state.Timeline, begin, null)).Instants.Select(i => i.RequestedTime));
        }
    }

    private static async Task<string?> CleanAsync(LakehouseTable table, IObjectStore store, History history, string? earliest)
    {
        var options = new CleanOptions { Policy = history.Policy, CommitsRetained = history.Retained, FileVersionsRetained = history.Retained, Incremental = history.Incremental };
        var planned = await table.CleanAsync(new CleanOptions { Policy = history.Policy, CommitsRetained = history.Retained, FileVersionsRetained = history.Retained, Incremental = history.Incremental, DryRun = true });
        Assert.All(planned.SelectMany(p => p.Files), f => Assert.True(store.GetInfoAsync(f).AsTask().Result is not null, f));
        var cleaned = await table.CleanAsync(options);
        Assert.Equal(planned.SelectMany(p => p.Files), cleaned.SelectMany(c => c.Files));
        Assert.All(cleaned.SelectMany(c => c.Files), f => Assert.True(store.GetInfoAsync(f).AsTask().Result is null, f));
        Assert.Empty(await table.CleanAsync(options));
        if (history.Policy == CleaningPolicy.KeepLatestFileVersions)
        {
            return null;
        }

        // Nothing is left that the rule does not keep: of each group what came since the earliest commit, and one slice before.
        var state = await table.RefreshAsync();
        var since = options.Rule.EarliestToRetain(state.Timeline, DateTimeOffset.UtcNow)?.RequestedTime;
        var savepoints = await state.Client.ReadSavepointsAsync(state.Timeline);
        foreach (var partition in since is null || state.Timeline.Pending.Any() ? [] : await state.View.GetPartitionsAsync())
        {
            Assert.All(
                await state.View.GetFileGroupsAsync(partition),
                g => Assert.True(g.Slices.Skip(1).Count(s => string.CompareOrdinal(s.BaseInstant, since) < 0 && !savepoints.Keep(s)) <= 1, $"{since}: {string.Join(", ", g.Slices.Select(s => s.BaseInstant))}"));
        }

        return cleaned.LastOrDefault()?.EarliestCommitRetained ?? earliest;
    }

    // More for a long run: MODEL_TESTS=5000.
    private static int Tests => int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 8;
}
