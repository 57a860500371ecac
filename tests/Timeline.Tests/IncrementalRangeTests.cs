using OllaLab.Lakehouse;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Which writes an incremental query covers, against what Hudi answered.</summary>
public class IncrementalRangeTests
{
    public static TheoryData<string> Names => TestTables.CopyOnWriteNames;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_of_a_snapshot_that_a_range_covers_are_in_Hudis_answer(string name)
    {
        var golden = Golden.Open(name);
        if (name.Contains("virtual", StringComparison.Ordinal) || name == "v9/cow_schema_on_read" || !File.Exists(Path.Combine(golden.Expected, "snapshot.jsonl")))
        {
            return; // No commit times in the rows; a zip of two runs.
        }

        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        var snapshot = Golden.Rows(Path.Combine(golden.Expected, "snapshot.jsonl")).Select(r => (Key: r.GetProperty("_hoodie_record_key").GetString()!, Time: r.GetProperty("_hoodie_commit_time").GetString()!)).ToArray();
        foreach (var file in golden.Answers("incr_"))
        {
            var bounds = Path.GetFileNameWithoutExtension(file).Split('_');
            var range = await client.ResolveRangeAsync(timeline, bounds[1], bounds[2]);
            var expected = Golden.Rows(file).Select(r => (r.GetProperty("_hoodie_record_key").GetString()!, r.GetProperty("_hoodie_commit_time").GetString()!)).Order().ToArray();
            Assert.All(expected, r => Assert.True(range.Contains(r.Item2, timeline), $"{Path.GetFileName(file)}: {r}"));
            var covered = snapshot.Where(r => range.Contains(r.Time, timeline)).Order().ToArray();
            if (range.IncludesArchived || await AnyFileIsGoneAsync(client, range))
            {
                Assert.Equal(expected, covered);
            }
            else if (bounds[2] == timeline.CompletedInRange(null, null).Select(i => i.CompletionTime ?? i.RequestedTime).LastOrDefault())
            {
                Assert.Equal(expected, covered);
            }
        }
    }

    private static async Task<bool> AnyFileIsGoneAsync(TimelineClient client, IncrementalRange range)
    {
        foreach (var instant in range.Instants)
        {
            var metadata = await client.ReadCommitMetadataAsync(instant);
            foreach (var stat in metadata.PartitionToWriteStats.Values.SelectMany(s => s))
            {
                if (await client.Store.GetInfoAsync(stat.Path!) is null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    [Theory]
    [InlineData("v6/cow_clean_archive")]
    [InlineData("v8/cow_clean_archive")]
    [InlineData("v9/cow_clean_archive")]
    public async Task A_range_that_begins_or_ends_among_archived_writes_names_them(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        var archived = (await client.ReadArchivedAsync()).Instants.Where(i => Actions.IsWrite(i.Instant.Action)).Select(i => i.Instant).ToList();
        string Time(Instant instant) => client.Layout.OrdersByCompletion ? instant.CompletionTime! : instant.RequestedTime;

        var late = await client.ResolveRangeAsync(timeline, Time(archived[2]), null);
        Assert.True(late.IncludesArchived);
        Assert.False(late.IncludesAllArchived);
        Assert.Equal(archived.Skip(3).Concat(timeline.CompletedWrites).Select(i => i.RequestedTime), late.Instants.Select(i => i.RequestedTime));
        Assert.Equal(archived.Take(3).Select(i => i.RequestedTime), (await client.ResolveRangeAsync(timeline, "000", Time(archived[2]))).Instants.Select(i => i.RequestedTime));
        Assert.False((await client.ResolveRangeAsync(timeline, timeline.IncrementalStart, null)).IncludesArchived);
        Assert.True((await client.ResolveRangeAsync(timeline, null, null)).IncludesAllArchived);
    }

    [Fact]
    public async Task Without_an_archive_any_beginning_is_before_all_writes()
    {
        var golden = Golden.Open("v9/cow_partitioned");
        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        var range = await client.ResolveRangeAsync(timeline, "2020-01-01", null);
        Assert.Equal(timeline.CompletedWrites.Count(), range.Instants.Count);
        Assert.False(range.IncludesArchived);
    }
}
