using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>What Hudi archived, in both forms.</summary>
public class ArchivedGoldenTests
{
    public static TheoryData<string> Archives => [.. Golden.Names().Where(n => n.Contains("archive", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task Archived_instants_come_before_the_active_ones_and_tell_what_was_done(string name)
    {
        var golden = Golden.Open(name);
        var client = TestTables.Client(golden);
        var timeline = await client.LoadAsync();
        var archived = await client.ReadArchivedAsync(withContent: true);
        var writes = archived.Instants.Where(i => Actions.IsWrite(i.Instant.Action)).ToList();

        // Each row of the snapshot names a commit, which is archived or active.
        var commits = Golden.Rows(Path.Combine(golden.Expected, "snapshot.jsonl")).Select(r => r.GetProperty("_hoodie_commit_time").GetString()!).Distinct();
        Assert.All(commits, c => Assert.True(archived.FindWrite(c) is not null ^ timeline.FindCompletedWrite(c) is not null, c));
        Assert.True(writes.Count > 3);
        Assert.All(writes, w => Assert.True(timeline.IsBeforeStart(w.RequestedTime)));
        Assert.All(writes, w => Assert.NotEmpty(w.Commit!.PartitionToWriteStats));
        Assert.All(writes, w => Assert.True(string.CompareOrdinal(w.Instant.CompletionTime, w.RequestedTime) > 0));
        var cleans = archived.Instants.Where(i => i.Instant.Action == Actions.Clean).ToList();
        Assert.NotEmpty(cleans);
        Assert.All(cleans, c => Assert.Equal(c.RequestedTime, c.Clean!.StartCleanTime));
        Assert.Equal(archived.Instants.Select(i => i.RequestedTime), (await client.ReadArchivedAsync()).Instants.Select(i => i.RequestedTime));

        // One by one, as a reader asks whose timeline was loaded before they were archived.
        var metadata = await client.ReadCommitMetadataAsync(writes[1].Instant);
        Assert.Equal(writes[1].Commit!.PartitionToWriteStats.Keys, metadata.PartitionToWriteStats.Keys);
    }

    [Fact]
    public async Task Without_a_version_file_the_greatest_manifest_counts()
    {
        var folder = Golden.Open("v9/cow_clean_archive").CopyTable();
        try
        {
            var store = new LocalObjectStore(folder);
            const string History = ".hoodie/timeline/history";
            var whole = await new LsmHistory(store, History).ReadAsync(false, null, default);
            await store.DeleteAsync(History + "/_version_");
            Assert.Equal(whole, await new LsmHistory(store, History).ReadAsync(false, null, default));
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, History, "manifest_5")), (await LsmManifest.LoadAsync(store, History, default)).Write());

            var file = (await LsmManifest.LoadAsync(store, History, default)).Files[0];
            File.WriteAllBytes(Path.Combine(folder, History, file.Name), File.ReadAllBytes(Path.Combine(folder, History, file.Name))[..^1]);
            var error = await Assert.ThrowsAsync<LakehouseException>(async () => await new LsmHistory(store, History).ReadAsync(false, null, default));
            Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
            Assert.EndsWith(file.Name, error.Path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
