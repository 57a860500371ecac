using Avro.File;
using Avro.Generic;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Round trips over generated values.</summary>
public class TimelinePropertyTests
{
    private static readonly string[] NamedActions =
    [
        Actions.Commit, Actions.DeltaCommit, Actions.Compaction, Actions.LogCompaction, Actions.ReplaceCommit, Actions.Clean, Actions.Rollback, Actions.Restore, Actions.Indexing,
    ];

    private static Gen<string> Times => Gen.Choose(0, 2_000_000_000).Select(s => InstantTimes.Format(DateTimeOffset.UnixEpoch.AddSeconds(s).AddMilliseconds(s % 1000), TimeZoneInfo.Utc));

    private static Gen<Instant> Instants =>
        from time in Times
        from action in Gen.Elements(NamedActions)
        from state in Gen.Elements(InstantState.Requested, InstantState.Inflight, InstantState.Completed)
        from lag in Gen.Choose(1, 100_000)
        select new Instant(time, action, state, state == InstantState.Completed ? InstantTimes.PlusMillis(time, lag) : null);

    private static Gen<string?> Texts => Gen.OneOf(Gen.Constant((string?)null), ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => (string?)Clean(s.Get)));

    /// <summary>Without lone surrogates, which no UTF-8 holds.</summary>
    private static string Clean(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static Gen<long> Counts => ArbMap.Default.GeneratorFor<long>();

    private static Gen<WriteStat> Stats =>
        from texts in Texts.ArrayOf(5)
        from counts in Counts.ArrayOf(12)
        from cdc in Gen.Elements(true, false)
        from times in Gen.Elements(true, false)
        select new WriteStat
        {
            FileId = texts[0],
            Path = texts[1],
            PrevCommit = texts[2],
            PartitionPath = texts[3],
            PrevBaseFile = texts[4],
            NumWrites = counts[0],
            NumInserts = counts[1],
            NumUpdateWrites = counts[2],
            NumDeletes = counts[3],
            TotalWriteBytes = counts[4],
            TotalWriteErrors = counts[5],
            FileSizeInBytes = counts[6],
            MinEventTime = cdc ? counts[7] : null,
            MaxEventTime = times ? counts[8] : null,
            CdcStats = cdc ? new Dictionary<string, long> { [texts[0] ?? "x"] = counts[9] } : null,
            RuntimeStats = times ? new RuntimeStats(counts[9], counts[10], counts[11]) : null,
        };

    private static Gen<CommitMetadata> Metadata =>
        from partitions in Texts.Where(p => p is null || OllaLab.Lakehouse.Storage.ObjectPath.Problem(p) is null).ArrayOf()
        from stats in Stats.ListOf()
        from extra in Texts.ArrayOf()
        from operation in Texts
        from replace in Gen.Elements(true, false)
        select new CommitMetadata
        {
            PartitionToWriteStats = partitions.OfType<string>().Distinct().ToDictionary(p => p, _ => (IReadOnlyList<WriteStat>)stats.ToList()),
            ExtraMetadata = extra.OfType<string>().Distinct().ToDictionary(p => p, p => p + p),
            OperationType = operation,
            Compacted = replace,
            PartitionToReplaceFileIds = replace ? partitions.OfType<string>().Distinct().ToDictionary(p => p, p => (IReadOnlyList<string>)[p, "f-0"]) : null,
        };

    [Fact]
    public void Names_parse_back_to_their_instants() => Prop.ForAll(Instants.ToArbitrary(), instant =>
    {
        foreach (var layout in new[] { TestTables.V1, TestTables.V2 })
        {
            Assert.True(layout.TryParse(layout.FileName(instant), out var back));
            Assert.Equal((instant.RequestedTime, instant.State), (back.RequestedTime, back.State));
            Assert.Equal(layout.ComparableAction(instant.Action), layout.ComparableAction(back.Action));
            Assert.Equal(layout.Version == 2 ? instant.CompletionTime : null, back.CompletionTime);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_timeline_holds_each_instant_once_in_its_highest_state_in_order() => Prop.ForAll(Instants.ListOf().ToArbitrary(), instants =>
    {
        foreach (var layout in new[] { TestTables.V1, TestTables.V2 })
        {
            var names = instants.Select(layout.FileName).Distinct().ToArray();
            var timeline = TimelineReader.Read(layout, names);
            var expected = instants
                .GroupBy(i => (i.RequestedTime, Action: layout.ComparableAction(i.Action)))
                .OrderBy(g => g.Key.RequestedTime, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Action, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Max(i => i.State)));
            Assert.Equal(expected, timeline.Instants.Select(i => ((i.RequestedTime, layout.ComparableAction(i.Action)), i.State)));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Commit_metadata_round_trips_in_both_encodings() => Prop.ForAll(Metadata.ToArbitrary(), metadata =>
    {
        MetadataAssert.Equal(metadata, CommitMetadataCodec.Read(CommitMetadataCodec.Write(metadata, 2).Span));
        var json = CommitMetadataCodec.Read(CommitMetadataCodec.Write(metadata, 1).Span);
        MetadataAssert.Equal(metadata with { PartitionToWriteStats = metadata.PartitionToWriteStats.ToDictionary(p => p.Key, p => (IReadOnlyList<WriteStat>)p.Value.Select(s => s with { PrevBaseFile = null }).ToList()) }, json);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Apache_Avro_reads_what_is_written_by_hand() => Prop.ForAll(Metadata.ToArbitrary(), metadata =>
    {
        using var stream = new MemoryStream(CommitMetadataCodec.Write(metadata, 2).ToArray());
        using var reader = DataFileReader<GenericRecord>.OpenReader(stream);
        var record = reader.Next();
        Assert.False(reader.HasNext());
        Assert.Equal(metadata.OperationType, record["operationType"]);
        Assert.Null(record["version"]);
        var partitions = (IDictionary<string, object>)record["partitionToWriteStats"];
        Assert.Equal(metadata.PartitionToWriteStats.Keys.Order(StringComparer.Ordinal), partitions.Keys.Order(StringComparer.Ordinal));
        foreach (var (partition, stats) in metadata.PartitionToWriteStats)
        {
            var read = ((object[])partitions[partition]).Cast<GenericRecord>().ToArray();
            Assert.Equal(stats.Select(s => (s.FileId, s.Path, s.PrevBaseFile, s.NumWrites, s.FileSizeInBytes, s.MaxEventTime)), read.Select(r => ((string?)r["fileId"], (string?)r["path"], (string?)r["prevBaseFile"], (long)r["numWrites"], (long)r["fileSizeInBytes"], (long?)r["maxEventTime"])));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_damaged_file_is_an_error_of_ours_or_reads() => Prop.ForAll(
        (from metadata in Metadata from cut in Gen.Choose(0, 5000) from flip in Gen.Choose(0, 255) from layout in Gen.Elements(1, 2) select (metadata, cut, flip, layout)).ToArbitrary(),
        x =>
        {
            var bytes = CommitMetadataCodec.Write(x.metadata, x.layout).ToArray();
            var damaged = bytes.ToArray();
            damaged[x.cut % bytes.Length] ^= (byte)x.flip;
            foreach (var file in new[] { bytes[..(x.cut % bytes.Length)], damaged })
            {
                try
                {
                    CommitMetadataCodec.Read(file);
                }
                catch (LakehouseException e)
                {
                    Assert.True(e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported);
                }
            }
        }).QuickCheckThrowOnFailure();
}
