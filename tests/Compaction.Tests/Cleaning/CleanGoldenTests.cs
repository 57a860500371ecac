using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests.Cleaning;

/// <summary>The cleans of golden tables, planned anew: what Hudi would have deleted, and in its form.</summary>
public sealed class CleanGoldenTests
{
    public static TheoryData<string> Cleaned()
    {
        var names = new TheoryData<string>();
        foreach (var name in Golden.Names().Where(n => n.Contains("_clean_", StringComparison.Ordinal)))
        {
            names.Add(name);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Cleaned))]
    public async Task Plans_are_those_of_Hudi(string name)
    {
        var golden = Golden.Open(name);
        var client = await ClientAsync(golden);
        var now = await client.LoadAsync();
        var archived = await client.ReadArchivedAsync();
        var cleans = now.Instants.Where(i => i.IsCompleted && i.Action == Actions.Clean).ToList();
        Assert.NotEmpty(cleans);
        for (int k = 0; k < cleans.Count; k++)
        {
            var plan = await client.ReadCleanPlanAsync(cleans[k]);
            var time = cleans[k].RequestedTime;
            bool incremental = k > 0;
            var past = new ActiveTimeline(
                client.Layout,
                [.. archived.Instants.Select(i => i.Instant).Where(i => incremental || i.Action != Actions.Clean).Concat(now.Instants).Where(i => (incremental || i.Action != Actions.Clean) && string.CompareOrdinal(i.RequestedTime, time) < 0)]);
            var listing = new PastListing(new LocalObjectStore(golden.Table), time, [.. cleans.Skip(k).Select(c => client.ReadCleanMetadataAsync(c).AsTask().GetAwaiter().GetResult())]);
            int retained = past.CompletedWrites.Count(i => string.CompareOrdinal(i.RequestedTime, plan.EarliestToRetain!.Time) >= 0);
            var rule = new CleanRule { Commits = retained, Incremental = incremental };
            var made = await new CleanPlanner(client, new FileSystemView(client, past, listing, changeData: true), rule).PlanAsync(default);
            Assert.Equal(plan.EarliestToRetain, made.EarliestToRetain);
            Assert.Equal(plan.LastCompletedCommit, made.LastCompletedCommit);
            Assert.Equal(Names(plan), Names(made));
            Assert.Equal(plan.PartitionsToBeDeleted, made.PartitionsToBeDeleted);
        }
    }

    [Theory]
    [MemberData(nameof(Cleaned))]
    public async Task Plans_and_results_are_written_as_Hudi_writes_them(string name)
    {
        var client = await ClientAsync(Golden.Open(name));
        foreach (var clean in (await client.LoadAsync()).Instants.Where(i => i.IsCompleted && i.Action == Actions.Clean))
        {
            var plan = await client.ReadAsync(clean with { State = InstantState.Requested });
            Assert.Equal(WithoutMarks(plan.Span), WithoutMarks(CleanPlan.Read(plan.Span).Write()));
            var metadata = await client.ReadAsync(clean);
            Assert.Equal(WithoutMarks(metadata.Span), WithoutMarks(CleanMetadata.Read(metadata.Span).Write()));
        }
    }

    private static async Task<TimelineClient> ClientAsync(Golden golden)
    {
        var store = new LocalObjectStore(golden.Table);
        return new TimelineClient(store, await OllaLab.Lakehouse.Config.TableConfigFile.LoadAsync(store, LakehouseEnvironment.System), LakehouseEnvironment.System);
    }

    private static IEnumerable<string> Names(CleanPlan plan) =>
        plan.Files.SelectMany(f => f.Value.Select(p => f.Key + "/" + p[(p.LastIndexOf('/') + 1)..])).Order(StringComparer.Ordinal);

    // The 16 bytes of a container's sync marker are random: after the header, and at the end.
    private static string WithoutMarks(ReadOnlySpan<byte> file)
    {
        var mark = file[^16..];
        var text = Convert.ToHexString(file);
        return text.Replace(Convert.ToHexString(mark), "-", StringComparison.Ordinal);
    }

    /// <summary>The files as they were before some cleans: what these deleted is there.</summary>
    private sealed class PastListing(IObjectStore store, string before, IReadOnlyList<CleanMetadata> undone) : IFileListing
    {
        private readonly StorageListing now = new(store);

        public Task<IReadOnlyList<string>> ListPartitionsAsync(Action<string, IReadOnlyList<ListedFile>> found, CancellationToken cancellationToken) => now.ListPartitionsAsync((_, _) => { }, cancellationToken);

        public async Task<IReadOnlyList<ListedFile>> ListFilesAsync(string partitionPath, CancellationToken cancellationToken)
        {
            var files = (await now.ListFilesAsync(partitionPath, cancellationToken)).Select(f => f.Name)
                .Concat(undone.SelectMany(c => c.Partitions.TryGetValue(partitionPath, out var p) ? p.DeletedFiles : []));
            return [.. files.Distinct().Where(IsBefore).Select(n => new ListedFile(n, 1))];
        }

        private bool IsBefore(string name) =>
            FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? string.CompareOrdinal(file.Instant, before) < 0
            : !FileNames.TryParseLogFile(string.Empty, name, 0, out var log) || string.CompareOrdinal(log.Instant, before) < 0;
    }
}
