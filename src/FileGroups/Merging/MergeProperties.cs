using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The properties that steer merging, stored under <c>hoodie.record.merge.property.</c> (HoodieTableConfig.RECORD_MERGE_PROPERTY_PREFIX).</summary>
internal static class MergeProperties
{
    public const string DebeziumUnavailable = "__debezium_unavailable_value";

    public const string UnavailableValue = "hoodie.write.partial.update.unavailable.value";
    private const string UnavailableValueShort = "partial.update.unavailable.value";

    public static bool IsKnown(string key) => key is DeleteMarker.FieldProperty or DeleteMarker.MarkerProperty or UnavailableValue or UnavailableValueShort;

    /// <summary>The marker of an unavailable value; null: none is stored, and no value is one.</summary>
    public static string? Unavailable(TableConfig config) =>
        config.MergeProperties.GetValueOrDefault(UnavailableValue) ?? config.MergeProperties.GetValueOrDefault(UnavailableValueShort);
}
