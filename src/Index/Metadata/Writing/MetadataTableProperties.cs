using System.Globalization;
using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The properties of a new metadata table (HoodieBackedTableMetadataWriter.initializeMetaClient).</summary>
internal static class MetadataTableProperties
{
    private const string KeyGenerator = "HOODIE_TABLE_METADATA";
    private const string CustomStrategy = "00000000-0000-0000-0000-000000000000";

    // HoodieMetadataRecordMerger, in the words of 0.15.
    private const string MergerOfVersion6 = "eeb8d96f-b1e4-49fd-bbf8-28ac514178e5";

    /// <param name="data">The data table, of the same version.</param>
    public static OrderedDictionary<string, string> Of(TableConfig data)
    {
        var name = data.TableName + "_metadata";
        var version = data.Version.ToString(CultureInfo.InvariantCulture);
        var properties = new OrderedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ConfigKeys.Name] = name,
            [ConfigKeys.Type] = "MERGE_ON_READ",
            [ConfigKeys.Version] = version,
            [ConfigKeys.BaseFileFormat] = "HFILE",
            [ConfigKeys.RecordKeyFields] = "key",
            [ConfigKeys.PopulateMetaFields] = "false",
            [ConfigKeys.PayloadClass] = "org.apache.hudi.metadata.HoodieMetadataPayload",
            [ConfigKeys.DropPartitionColumns] = "false",
            [ConfigKeys.LayoutVersion] = data.Version < 8 ? "1" : "2",
            [ConfigKeys.ArchiveFolder] = data.Version < 8 ? "archived" : "history",
        };
        if (data.Version < 8)
        {
            properties[ConfigKeys.KeyGeneratorClass] = "org.apache.hudi.metadata.HoodieTableMetadataKeyGenerator";
            properties[ConfigKeys.MergeStrategyIdOld] = MergerOfVersion6;
        }
        else
        {
            properties[ConfigKeys.InitialVersion] = version;
            properties[ConfigKeys.KeyGeneratorType] = KeyGenerator;
            properties[ConfigKeys.MergeMode] = "CUSTOM";
            properties[ConfigKeys.MergeStrategyId] = CustomStrategy;
            properties[ConfigKeys.TimelinePath] = "timeline";
            properties[ConfigKeys.HistoryPath] = "history";
        }

        // The checksum last, so that a torn file is known by its absence.
        properties[ConfigKeys.Checksum] = TableChecksum.Of(null, name).ToString(CultureInfo.InvariantCulture);
        return properties;
    }
}
