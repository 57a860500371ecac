using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

public class TimelineClientTests
{
    private readonly ManualClock clock = new();

    private TimelineClient Client(ITimelineLayout layout, IObjectStore? store = null) => new(store ?? new MemoryObjectStore("t", clock), layout, new LakehouseEnvironment(clock, Guid.NewGuid));

    public static TheoryData<int> Layouts => [1, 2];

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task A_commit_goes_through_its_three_files(int layout)
    {
        var client = Client(TestTables.Layout(layout));
        var timeline = await client.LoadAsync();
        Assert.Null(timeline.FirstInstant);
        var inflight = await client.BeginCommitAsync(timeline, Actions.Commit, new CommitMetadata { OperationType = WriteOperations.Insert });
        Assert.Equal(inflight, Assert.Single((await client.LoadAsync()).Pending));
        clock.Move(TimeSpan.FromSeconds(3));
        var metadata = new CommitMetadata { OperationType = WriteOperations.Insert, ExtraMetadata = new Dictionary<string, string> { ["schema"] = "\"string\"", ["mine"] = "é日\n\"" } };
        var completed = await client.CompleteCommitAsync(inflight, metadata);
        var after = await client.LoadAsync(withCompletionTimes: true);
        Assert.Empty(after.Pending);
        var loaded = after.LatestCompletedWrite!;
        Assert.Equal("20261101120000000", loaded.RequestedTime);
        Assert.Equal("20261101120003000", loaded.CompletionTime);
        Assert.Equal(layout == 2, completed.CompletionTime is not null);
        MetadataAssert.Equal(metadata, await client.ReadCommitMetadataAsync(loaded));
        Assert.Equal("\"string\"", await client.ReadLatestSchemaAsync(after));
        string[] expected = layout == 1
            ? ["20261101120000000.commit", "20261101120000000.commit.requested", "20261101120000000.inflight"]
            : ["20261101120000000.commit.requested", "20261101120000000.inflight", "20261101120000000_20261101120003000.commit"];
        Assert.Equal(expected, (await client.Store.ListNamesAsync(client.Layout.Folder)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Times_grow_while_the_clock_stands_still_or_steps_back()
    {
        var client = Client(TestTables.V2);
        var timeline = await client.LoadAsync();
        var times = new List<string>();
        for (int i = 0; i < 50; i++)
        {
            if (i == 20)
            {
                clock.Move(TimeSpan.FromHours(-5));
            }

            var requested = await client.RequestAsync(timeline, Actions.Commit);
            times.Add(requested.RequestedTime);
            times.Add((await client.CompleteAsync(await client.StartAsync(requested), new byte[] { 1 })).CompletionTime!);
        }

        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Equal(100, times.Distinct().Count());
    }

    [Fact]
    public async Task A_time_is_greater_than_what_others_wrote_ahead_of_our_clock()
    {
        var client = Client(TestTables.V2);
        await client.Store.PutAsync(".hoodie/timeline/20270101000000000_20270101000000999.commit", default, PutCondition.IfAbsent);
        Assert.Equal("20270101000001000", client.NewInstantTime(await client.LoadAsync()));
    }

    [Fact]
    public async Task Two_clients_of_one_table_never_get_the_same_time()
    {
        var store = new MemoryObjectStore("t", clock);
        var timeline = await Client(TestTables.V2, store).LoadAsync();
        var times = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 200).Select(_ => Client(TestTables.V2, store).NewInstantTime(timeline)).ToArray())));
        Assert.Equal(1600, times.SelectMany(t => t).Distinct().Count());
    }

    [Fact]
    public async Task A_time_that_another_process_took_is_passed_over()
    {
        var client = Client(TestTables.V2);
        var timeline = await client.LoadAsync();
        await client.Store.PutAsync(".hoodie/timeline/20261101120000000.commit.requested", default, PutCondition.IfAbsent);
        Assert.Equal("20261101120000001", (await client.RequestAsync(timeline, Actions.Commit)).RequestedTime);
    }

    [Fact]
    public async Task The_tables_zone_is_kept()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(-7), "x", "x");
        var client = Client(TimelineLayout.For(9, ".hoodie/timeline", zone));
        Assert.Equal("20261101050000000", client.NewInstantTime(await client.LoadAsync()));
    }

    [Fact]
    public async Task Completing_what_another_completed_is_a_conflict()
    {
        var client = Client(TestTables.V1);
        var inflight = await client.BeginCommitAsync(await client.LoadAsync(), Actions.Commit);
        await client.CompleteAsync(inflight, "theirs"u8.ToArray());
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await client.CompleteAsync(inflight, "ours"u8.ToArray()));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Equal("theirs", System.Text.Encoding.UTF8.GetString((await client.ReadAsync((await client.LoadAsync()).LatestCompletedWrite!)).Span));
    }

    [Theory]
    [InlineData(Failure.After)]
    [InlineData(Failure.Before)]
    public async Task An_unknown_outcome_is_read_back_and_nothing_is_deleted(Failure failure)
    {
        var store = new MemoryObjectStore("t", clock);
        var inflight = await Client(TestTables.V2, store).BeginCommitAsync(await Client(TestTables.V2, store).LoadAsync(), Actions.Commit);
        var unknown = new UnknownStore(store, arrives: failure == Failure.After);
        if (failure == Failure.After)
        {
            await Client(TestTables.V2, unknown).CompleteAsync(inflight, "x"u8.ToArray());
            Assert.NotNull((await Client(TestTables.V2, store).LoadAsync()).LatestCompletedWrite);
        }
        else
        {
            var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Client(TestTables.V2, unknown).CompleteAsync(inflight, "x"u8.ToArray()));
            Assert.Equal(LakehouseErrorKind.OutcomeUnknown, error.Kind);
            Assert.Equal(2, (await ((IObjectStore)store).ListNamesAsync(".hoodie/timeline")).Count);
        }
    }

    [Fact]
    public async Task Legacy_files_of_layout_2_take_their_completion_from_the_modification_time()
    {
        var client = Client(TestTables.V2);
        var json = CommitMetadataCodec.Write(new CommitMetadata { OperationType = "UPSERT" }, 1);
        await client.Store.PutAsync(".hoodie/timeline/20261001000000000.commit", json, PutCondition.IfAbsent);
        var timeline = await client.LoadAsync();
        Assert.Equal(("20261101120000000", true), (timeline.LatestCompletedWrite!.CompletionTime, timeline.LatestCompletedWrite.IsLegacy));
        Assert.Equal("UPSERT", (await client.ReadCommitMetadataAsync(timeline.LatestCompletedWrite)).OperationType);
        Assert.Single(timeline.CompletedInRange("20261101000000000", null));
    }

    [Fact]
    public async Task What_is_no_timeline_file_is_passed_over()
    {
        var client = Client(TestTables.V2);
        foreach (var name in new[] { "20261001000000000.commit.requested.tmp", ".20261001000000000.commit.requested.crc", "20261001000000000.commit.crc", "notes.txt", "20261001000000000.commit.inflight", "20261001000000000.savepoint.requested" })
        {
            await client.Store.PutAsync(".hoodie/timeline/" + name, default, PutCondition.IfAbsent);
        }

        await client.Store.PutAsync(".hoodie/timeline/20261001000000000.vacuum", default, PutCondition.IfAbsent);
        var timeline = await client.LoadAsync();
        Assert.Empty(timeline.Instants);
        Assert.Equal(["20261001000000000.vacuum"], timeline.UnknownFiles);
    }

    [Fact]
    public void A_savepointed_commit_is_not_where_the_timeline_starts()
    {
        var timeline = TimelineReader.Read(TestTables.V2, ["001_002.commit", "001_003.savepoint", "005_006.commit", "007.commit.requested"]);
        Assert.Equal("005", timeline.FirstInstant);
        Assert.True(timeline.ContainsOrBeforeTimelineStarts("001"));
        Assert.True(timeline.ContainsOrBeforeTimelineStarts("004"));
        Assert.True(timeline.ContainsOrBeforeTimelineStarts("005"));
        Assert.False(timeline.ContainsOrBeforeTimelineStarts("006"));
        Assert.False(timeline.ContainsOrBeforeTimelineStarts("007"));
        Assert.Equal(["001"], timeline.Savepoints);
        Assert.Equal(2, timeline.Find("001").Count());
    }

    [Fact]
    public async Task A_truncated_commit_names_its_file()
    {
        var client = Client(TestTables.V2);
        var whole = CommitMetadataCodec.Write(new CommitMetadata { OperationType = "UPSERT" }, 2);
        await client.Store.PutAsync(".hoodie/timeline/20261001000000000_20261001000000001.commit", whole[..^30], PutCondition.IfAbsent);
        var timeline = await client.LoadAsync();
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await client.ReadCommitMetadataAsync(timeline.LatestCompletedWrite!));
        Assert.Equal((LakehouseErrorKind.Corrupt, ".hoodie/timeline/20261001000000000_20261001000000001.commit"), (error.Kind, error.Path));
    }

    /// <summary>Answers every put with "unknown".</summary>
    private sealed class UnknownStore(IObjectStore inner, bool arrives) : IObjectStore
    {
        public string Root => inner.Root;

        public StorageCapabilities Capabilities => inner.Capabilities;

        public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

        public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => inner.ListAsync(folder, recursive, cancellationToken);

        public async ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
        {
            if (arrives)
            {
                await inner.PutAsync(path, content, condition, cancellationToken);
            }

            return new PutResult(PutOutcome.Unknown);
        }

        public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing may be deleted.");

        public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing may be deleted.");

        public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public string? GetLocalPath(string path) => null;
    }
}
