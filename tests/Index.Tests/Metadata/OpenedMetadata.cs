using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>A table with its timeline and its metadata table.</summary>
internal sealed record OpenedMetadata(IObjectStore Store, TableConfig Config, TimelineClient Client, ActiveTimeline Timeline, MetadataTable Table)
{
    /// <summary>Golden tables whose metadata table is in use.</summary>
    public static IEnumerable<string> Goldens(string partition = MetadataPartitions.Files) => Golden.Names().Where(n =>
        !n.StartsWith("rs/", StringComparison.Ordinal) && (Golden.Open(n).Property("hoodie.table.metadata.partitions") ?? string.Empty).Split(',').Contains(partition));

    public static Task<OpenedMetadata> OpenAsync(string golden) => OpenAsync(new LocalObjectStore(Golden.Open(golden).Table));

    public static async Task<OpenedMetadata> OpenAsync(IObjectStore store)
    {
        var environment = LakehouseEnvironment.System;
        var config = await TableConfigFile.LoadAsync(store, environment);
        var client = new TimelineClient(store, config, environment);
        var timeline = await client.LoadAsync();
        return new OpenedMetadata(store, config, client, timeline, await MetadataTable.OpenAsync(store, config, timeline, environment, CancellationToken.None));
    }

    public MetadataFileListing Listing() => new(() => Task.FromResult(Table));
}
