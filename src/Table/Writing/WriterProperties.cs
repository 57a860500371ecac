using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Indexing.Timebased;
using OllaLab.Lakehouse.Metadata;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Hudi's own options that a write may be given, where a table does not store them; anything else is refused, so that none is ignored in silence.</summary>
internal static class WriterProperties
{
    private static readonly string[] Known =
    [
        KeyGeneratorSettings.PartitionFieldOption, KeyGeneratorSettings.TimestampsAsTextOption, KeyGeneratorSettings.ComplexNewEncodingOption,
        DeleteMarker.FieldProperty, DeleteMarker.MarkerProperty, OverwrittenFileGroups.StaticPathsOption, .. TableIndex.Options,
    ];

    private static readonly string[] Timebased =
    [
        "timestamp.type", "timestamp.scalar.time.unit", "input.dateformat", "input.dateformat.list.delimiter.regex", "output.dateformat", "timezone", "input.timezone", "output.timezone",
    ];

    public static void Check(TableConfig config, IReadOnlyDictionary<string, string> options)
    {
        MetadataOptions.Check(options, config.Root);
        foreach (var (name, value) in options.Where(o => !o.Key.StartsWith(MetadataOptions.Prefix, StringComparison.Ordinal)))
        {
            var timebased = Suffix(name, TimebasedSettings.Prefix) ?? Suffix(name, TimebasedSettings.OldPrefix);
            if (timebased is null ? !Known.Contains(name) : !Timebased.Contains(timebased))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"The write option '{name}' is not known", config.Root, remedy: $"Leave it out; known are {string.Join(", ", Known)} and {TimebasedSettings.Prefix}*");
            }

            var stored = timebased is not null ? config.TimeBasedKeyProperties.GetValueOrDefault(TimebasedSettings.Prefix + timebased)
                : config.MergeProperties.GetValueOrDefault(name) ?? (name == KeyGeneratorSettings.PartitionFieldOption ? null : config.Properties.GetValueOrDefault(name));
            if (stored is not null && stored != value)
            {
                throw Contradiction(config, name, value, stored);
            }
        }

        if (options.TryGetValue(KeyGeneratorSettings.PartitionFieldOption, out var given))
        {
            CheckPartitions(config, given);
        }
    }

    private static void CheckPartitions(TableConfig config, string given)
    {
        var fields = given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(TableOptionsCheck.PartitionField).ToList();
        var same = fields.Count == config.PartitionFields.Length
            && fields.Zip(config.PartitionFields).All(p => p.First.Name == p.Second.Name && (p.First.Type is null || p.Second.Type is null || p.First.Type == p.Second.Type));
        if (!same)
        {
            throw Contradiction(config, KeyGeneratorSettings.PartitionFieldOption, given, string.Join(",", config.PartitionFields.Select(f => f.Type is { } t ? $"{f.Name}:{t}" : f.Name)));
        }
    }

    private static string? Suffix(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    private static LakehouseException Contradiction(TableConfig config, string name, string value, string stored) =>
        new(LakehouseErrorKind.InvalidInput, $"The write option {name}={value} contradicts the table, which has {stored}", config.Root, TableConfig.Path, remedy: "Leave the option out");
}
