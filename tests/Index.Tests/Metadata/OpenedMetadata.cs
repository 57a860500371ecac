using System.IO.Compression;
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
        !n.StartsWith("rs/", StringComparison.Ordinal) && PartitionsOf(n).Contains(partition));

    public static Task<OpenedMetadata> OpenAsync(string golden) => OpenAsync(new LocalObjectStore(Golden.Open(golden).Table));

    public static async Task<OpenedMetadata> OpenAsync(IObjectStore store)
    {
        var environment = LakehouseEnvironment.System;
        var config = await TableConfigFile.LoadAsync(store, environment);
        var client = new TimelineClient(store, config, environment);
        var timeline = await client.LoadAsync();
        return new OpenedMetadata(store, config, client, timeline, await MetadataTable.OpenAsync(store, config, timeline, environment, CancellationToken.None));
    }

    /// <summary>Read in the zip, so that listing the tests does not unpack it.</summary>
    private static string[] PartitionsOf(string golden)
    {
        const string Property = "hoodie.table.metadata.partitions=";
        using var zip = ZipFile.OpenRead(Path.Combine(Repository.Goldens, golden + ".zip"));
        using var reader = new StreamReader(zip.GetEntry("table/.hoodie/hoodie.properties")!.Open());
        return reader.ReadToEnd().Split('\n').FirstOrDefault(l => l.StartsWith(Property, StringComparison.Ordinal))?[Property.Length..].Trim().Split(',') ?? [];
    }

    public MetadataFileListing Listing() => new(() => Task.FromResult(Table));
}
