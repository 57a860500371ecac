using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Drops a table's metadata table (HoodieTableMetadataUtil.deleteMetadataTable). The properties first: from then on no reader looks into the folder, so that it may go bit by bit, or be left by
/// a process that dies. The definitions of its indexes (.hoodie/.index_defs) stay, as they do with Hudi 1.2, which builds the indexes by them again.
/// </summary>
internal static class MetadataDrop
{
    /// <returns>Whether anything was dropped.</returns>
    public static async ValueTask<bool> RunAsync(IObjectStore store, TableConfig config, LakehouseEnvironment environment, CancellationToken cancellationToken)
    {
        var known = config.MetadataPartitions.Length + config.MetadataPartitionsInflight.Length > 0;
        if (known)
        {
            // Hudi leaves the properties there, empty.
            var changes = new Dictionary<string, string?>();
            foreach (var property in new[] { ConfigKeys.MetadataPartitions, ConfigKeys.MetadataPartitionsInflight }.Where(config.Properties.ContainsKey))
            {
                changes[property] = string.Empty;
            }

            await TableConfigFile.UpdateAsync(store, changes, environment, cancellationToken);
        }

        if (!known && await store.GetInfoAsync(MetadataPartitions.Folder + "/" + TableConfig.Path, cancellationToken) is null)
        {
            return false;
        }

        await store.DeleteFolderAsync(MetadataPartitions.Folder, cancellationToken);
        return true;
    }
}
