using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Where the record keys of a table's stored rows come from.</summary>
internal static class StoredKeys
{
    /// <summary>The keys of a table without meta columns; null: a meta column holds them.</summary>
    /// <exception cref="LakehouseException">As <see cref="KeyGeneratorFactory"/>.</exception>
    public static VirtualKeys? Of(TableConfig config, TableSchema schema)
    {
        if (config.PopulateMetaFields)
        {
            return null;
        }

        var keys = KeyGeneratorFactory.CreateRecordKeys(config, schema);
        return new VirtualKeys([.. keys.Fields.Select(ColumnPath.TopLevel).Distinct()], rows => keys.Generate(rows, 0));
    }
}
