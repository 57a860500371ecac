using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse;

/// <summary>Refuses options of a new table that its schema does not bear out, before anything is created.</summary>
internal static class TableOptionsCheck
{
    // What a user may give by Hudi's own name, besides the keys that have an option of their own.
    private static readonly string[] KnownPrefixes = [ConfigKeys.TimeBasedPrefix, MetadataOptions.Prefix];

    // What rows are updated in part by is in the table's properties since version 9; before, a payload class tells.
    private static readonly string[] PartialUpdates = [ConfigKeys.PartialUpdateMode, ConfigKeys.MergePropertyPrefix + MergeProperties.UnavailableValue];

    public static void Run(TableOptions table, TableSchema schema)
    {
        Require(table.Keys, "key", schema);
        Require([.. table.Partitions.Select(p => PartitionField(p).Name)], "partition", schema);
        Require(table.Ordering, "ordering", schema);
        MetadataOptions.Check(table.Properties);
        foreach (var key in table.Properties.Keys)
        {
            if (table.TableVersion >= 9 && PartialUpdates.Contains(key))
            {
                RequirePartialUpdateMode(table.Properties);
            }
            else if (!Writing.TableIndex.Options.Contains(key) && !KnownPrefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal)))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"The property '{key}' is not one that a table is created with here", remedy: "Leave it out, or use the option of TableOptions that stands for it");
            }
        }
    }

    /// <summary>A partition column with the type that the custom key generator wants: "day:timestamp".</summary>
    public static PartitionField PartitionField(string text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return new PartitionField(text);
        }

        return Enum.TryParse<PartitionFieldType>(text[(colon + 1)..], ignoreCase: true, out var type) && Enum.IsDefined(type)
            ? new PartitionField(text[..colon], type)
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"'{text[(colon + 1)..]}' is not a type of partition column", remedy: "Use simple or timestamp, as in day:timestamp");
    }

    public static bool Boolean(string name, string value) => bool.TryParse(value, out var parsed) ? parsed
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{name}={value} is neither true nor false");

    private static void RequirePartialUpdateMode(IReadOnlyDictionary<string, string> properties)
    {
        if (properties.GetValueOrDefault(ConfigKeys.PartialUpdateMode) is not ("IGNORE_DEFAULTS" or "FILL_UNAVAILABLE"))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"{ConfigKeys.PartialUpdateMode} is none of Hudi's modes", remedy: "Use IGNORE_DEFAULTS, or FILL_UNAVAILABLE with the marker of an unavailable value in " + PartialUpdates[1]);
        }
    }

    private static void Require(IReadOnlyList<string> columns, string role, TableSchema schema)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var top = column.Split('.')[0];
            if (schema.Arrow.FieldsList.All(f => f.Name != top))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"The {role} column '{column}' is not in the schema", remedy: $"Name one of {string.Join(", ", schema.Arrow.FieldsList.Select(f => f.Name))}");
            }

            if (!seen.Add(column))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The {role} column '{column}' is named twice");
            }
        }
    }
}
