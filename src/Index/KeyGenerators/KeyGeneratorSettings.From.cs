using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing.Timebased;

namespace OllaLab.Lakehouse.Indexing;

internal sealed partial record KeyGeneratorSettings
{
    public const string PartitionFieldOption = "hoodie.datasource.write.partitionpath.field";
    public const string TimestampsAsTextOption = "hoodie.datasource.write.keygenerator.consistent.logical.timestamp.enabled";

    /// <summary>Counts for table versions up to 8 (HUDI-7001).</summary>
    public const string ComplexNewEncodingOption = "hoodie.write.complex.keygen.new.encoding";

    /// <summary>Reads a table's properties; a writer's options say what versions before 8 do not store.</summary>
    public static KeyGeneratorSettings From(TableConfig config, IReadOnlyDictionary<string, string>? options = null)
    {
        if (config.KeyGeneratorType == KeyGeneratorType.Other)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The key generator '{config.KeyGeneratorName}' is not known", config.Root, TableConfig.Path,
                remedy: "Write the table with the engine that has this key generator");
        }

        bool Option(string name) => options is not null && options.TryGetValue(name, out var value) && bool.TryParse(value, out bool set) && set;
        return new KeyGeneratorSettings
        {
            Kind = config.KeyGeneratorType,
            RecordKeyFields = config.RecordKeyFields,
            PartitionFields = PartitionTypes(config, options),
            HiveStyle = config.HiveStyle,
            UrlEncode = config.UrlEncode,
            SlashSeparatedDates = config.SlashSeparatedDates,
            TimestampsAsText = Option(TimestampsAsTextOption),
            BareSingleComplexKey = config.ComplexKeyPrefixed is { } prefixed ? !prefixed : config.Version < 9 && Option(ComplexNewEncodingOption),
            Timebased = TimebasedProperties(config, options),
        };
    }

    // Hudi does not store all of them: 0.15 leaves the timestamp type out, 1.2 stores none for the custom generator. The writer's options fill in.
    private static IReadOnlyDictionary<string, string> TimebasedProperties(TableConfig config, IReadOnlyDictionary<string, string>? options)
    {
        var merged = new Dictionary<string, string>(config.TimeBasedKeyProperties);
        foreach (var (name, value) in options ?? new Dictionary<string, string>())
        {
            if (name.StartsWith(TimebasedSettings.Prefix, StringComparison.Ordinal) || name.StartsWith(TimebasedSettings.OldPrefix, StringComparison.Ordinal))
            {
                merged.TryAdd(name.Replace(TimebasedSettings.OldPrefix, TimebasedSettings.Prefix, StringComparison.Ordinal), value);
            }
        }

        return merged;
    }

    // Version 6 stores the names alone, for the custom generator too (HoodieTableConfig.getPartitionFieldWithoutKeyGenPartitionType).
    private static PartitionField[] PartitionTypes(TableConfig config, IReadOnlyDictionary<string, string>? options)
    {
        if (options is null || config.KeyGeneratorType != KeyGeneratorType.Custom || !options.TryGetValue(PartitionFieldOption, out var given))
        {
            return config.PartitionFields;
        }

        var types = given.Split(',', StringSplitOptions.TrimEntries).Select(f => f.Split(':')).Where(f => f.Length == 2)
            .ToDictionary(f => f[0], f => Enum.TryParse<PartitionFieldType>(f[1], ignoreCase: true, out var type) ? type : (PartitionFieldType?)null);
        return [.. config.PartitionFields.Select(f => f.Type is null && types.TryGetValue(f.Name, out var type) ? f with { Type = type } : f)];
    }
}
