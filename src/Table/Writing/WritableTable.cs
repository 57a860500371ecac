using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Refuses, by name, tables that this engine cannot keep right.</summary>
internal static class WritableTable
{
    public static void Check(TableConfig config, bool dropMetadataTable)
    {
        _ = dropMetadataTable;
        config.RequireWritable();
    }
}
