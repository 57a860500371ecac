using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Refuses, by name, tables that this engine cannot keep right.</summary>
internal static class WritableTable
{
    public static void Check(TableConfig config, bool dropMetadataTable)
    {
        config.RequireWritable();
        if (!dropMetadataTable && config.Version < 8 && config.MetadataPartitions.Length + config.MetadataPartitionsInflight.Length > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"The table has a metadata table ({string.Join(", ", config.MetadataPartitions.Concat(config.MetadataPartitionsInflight))}), which this engine does not maintain: other engines would not see what it writes",
                config.Root,
                TableConfig.Path,
                remedy: "Drop the metadata table with the option DropMetadataTable (on the command line: write --option hoodie.metadata.enable=false); other engines can build it again");
        }
    }
}
