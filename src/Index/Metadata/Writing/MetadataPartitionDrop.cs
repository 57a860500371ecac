using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Drops partitions of the metadata table: the table's properties first, from when on no reader looks for them, then their folders (HoodieBackedTableMetadataWriter.dropMetadataPartitions).</summary>
internal static class MetadataPartitionDrop
{
    /// <returns>The properties as they are then.</returns>
    public static async ValueTask<TableConfig> RunAsync(MetadataFolder folder, IReadOnlyCollection<string> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Contains(MetadataPartitions.RecordIndex))
        {
            // A secondary index leads to record keys, which are of no use without it.
            partitions = [.. partitions.Union(folder.Partitions.Where(p => p.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal)))];
        }

        var changes = new Dictionary<string, string?>
        {
            [ConfigKeys.MetadataPartitions] = string.Join(',', folder.Config.MetadataPartitions.Except(partitions)),
            [ConfigKeys.MetadataPartitionsInflight] = string.Join(',', folder.Config.MetadataPartitionsInflight.Except(partitions)),
        };
        foreach (var property in changes.Keys.Where(p => !folder.Config.Properties.ContainsKey(p)).ToList())
        {
            changes.Remove(property);
        }

        await folder.Data.Locks.RequireHeldAsync(cancellationToken);
        var config = await TableConfigFile.UpdateAsync(folder.Data.Store, changes, folder.Data.Environment, cancellationToken);
        foreach (var partition in partitions)
        {
            await folder.Store.DeleteFolderAsync(partition, cancellationToken);
        }

        var definitions = await IndexDefinitions.ReadAsync(folder.Data.Store, cancellationToken);
        if (definitions.Remove(partitions))
        {
            await definitions.WriteAsync(folder.Data.Store, cancellationToken);
        }

        return config;
    }
}
