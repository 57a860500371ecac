using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>Savepoints, restores and rollbacks as real Hudi wrote them: read, and written again to the byte.</summary>
public class SavepointGoldenTests
{
    [Theory]
    [InlineData("v6/cow_savepoint_restore")]
    [InlineData("v8/cow_savepoint_restore")]
    [InlineData("v9/cow_savepoint_restore")]
    public async Task A_savepoint_and_a_restore_are_read_and_written_as_Hudi_does(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        var savepoint = Assert.Single(timeline.Instants, i => i.Action == Actions.Savepoint);
        var file = await client.ReadAsync(savepoint);
        var metadata = SavepointMetadata.Read(file.Span);
        Assert.Equal(3, metadata.Files.Count);
        Assert.All(metadata.Files.Values, names => Assert.NotEmpty(names));
        AssertSameRecord(file, metadata.Write());

        var savepoints = await client.ReadSavepointsAsync(timeline);
        var (partition, kept) = metadata.Files.First();
        Assert.True(savepoints.Keep(partition, kept[0]));
        Assert.False(savepoints.Keep(partition + "x", kept[0]));
        Assert.False(savepoints.Keep(partition, "x" + kept[0]));
        var slices = await new FileSystemView(client, timeline).GetAllSlicesAsync(savepoint.RequestedTime);
        Assert.All(slices, s => Assert.True(savepoints.Keep(s)));
        Assert.Equal(slices.Count, metadata.Files.Values.Sum(n => n.Count));

        var restore = Assert.Single(timeline.Instants, i => i.Action == Actions.Restore);
        var requested = await client.ReadAsync(restore with { State = InstantState.Requested });
        var plan = await client.ReadRestorePlanAsync(restore);
        Assert.Equal(savepoint.RequestedTime, plan.Target);
        AssertSameRecord(requested, plan.Write());
        var completed = await client.ReadAsync(restore);
        var done = RestoreMetadata.Read(completed.Span);
        Assert.Equal(restore.RequestedTime, done.StartRestoreTime);
        Assert.Equal(plan.Instants, done.Rollbacks.Select(r => new InstantInfo(r.Instant, r.Action)));
        Assert.True(done.Rollbacks.Sum(r => r.TotalFilesDeleted) > 0);
        AssertSameRecord(completed, done.Write());
    }

    private static void AssertSameRecord(ReadOnlyMemory<byte> expected, byte[] actual)
    {
        var theirs = AvroFile.ReadRecord(expected.Span, out var theirSchema);
        var ours = AvroFile.ReadRecord(actual, out var ourSchema);
        Assert.Equal(theirSchema, ourSchema);
        Assert.Equal(theirs.ToArray(), ours.ToArray());
    }
}
