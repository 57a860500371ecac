using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>Writes beside a clustering that real Hudi planned: what it is going to replace must not change.</summary>
public sealed class PlannedClusteringTests : IAsyncLifetime
{
    private static readonly WriteOptions Options = new() { DropMetadataTable = true };
    private readonly List<string> folders = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        folders.ForEach(f => Directory.Delete(f, recursive: true));
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("v9/cow_clustering")]
    [InlineData("v8/cow_clustering")]
    [InlineData("v6/cow_clustering")]
    [InlineData("v9/mor_clustering")]
    public async Task Rows_of_its_file_groups_are_not_changed_and_new_rows_go_elsewhere(string name)
    {
        await using var table = await OpenPlannedAsync(name);
        var state = await table.RefreshAsync();
        var planned = await state.Client.ReadClusteredFileGroupsAsync(state.Timeline);
        Assert.NotEmpty(planned);
        var before = await KeysAsync(table);
        var slice = (await state.View.GetAllSlicesAsync()).First(s => planned.ContainsKey((s.PartitionPath, s.FileId)));
        var stored = (await table.ReadAsync<Ride>().ToListAsync()).First(r => r.FileName.StartsWith(slice.FileId, StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.DeleteAsync([new RideKey(stored.Id, stored.City)], Options));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Contains("clustering", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await KeysAsync(table));

        var written = await table.WriteAsync(WriteOperation.Insert, new[] { new RideKey("new", stored.City) }.ToAsyncEnumerable(), Options);
        Assert.Equal(1, written.Inserted);
        Assert.Equal(before.Append("new").Order(StringComparer.Ordinal), await KeysAsync(table));
        state = await table.RefreshAsync();
        Assert.Equal(planned, await state.Client.ReadClusteredFileGroupsAsync(state.Timeline));
    }

    // The clustering as it was before it was executed, and all that came after it undone.
    private async Task<LakehouseTable> OpenPlannedAsync(string name)
    {
        var folder = Golden.Open(name).CopyTable();
        folders.Add(folder);
        await using (var table = await LakehouseTable.OpenAsync(folder))
        {
            var state = await table.RefreshAsync();
            var clustering = state.Timeline.CompletedWrites.First(i => i.Action == Actions.ReplaceCommit);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, state.Client.Layout.Folder)))
            {
                var time = Path.GetFileName(file).Split('.', '_')[0];
                if (string.CompareOrdinal(time, clustering.RequestedTime) > 0 && time.Length == 17)
                {
                    File.Delete(file);
                }
            }

            File.Delete(Path.Combine(folder, state.Client.PathOf(clustering)));
        }

        return await LakehouseTable.OpenAsync(folder);
    }

    private static async Task<List<string>> KeysAsync(LakehouseTable table) => [.. (await table.ReadAsync<Ride>().ToListAsync()).Select(r => r.Id).Order(StringComparer.Ordinal)];

    private sealed record Ride(string Id, string City, [property: System.ComponentModel.DataAnnotations.Schema.Column("_hoodie_file_name")] string FileName);

    private sealed record RideKey(string Id, string City);
}
