using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of the expiry of partitions, by Hudi's names.</summary>
internal static class TtlProperties
{
    private const string Strategy = "hoodie.partition.ttl.strategy.";

    /// <summary>What a write does about expired partitions; null: nothing.</summary>
    public static PartitionTtlOptions? TakeInline(Dictionary<string, string> pairs)
    {
        var options = Take(pairs);
        return pairs.Remove("hoodie.partition.ttl.inline", out var inline) && WriteProperties.Boolean("hoodie.partition.ttl.inline", inline) ? options : null;
    }

    /// <summary>The options of a run by hand: what is not known is refused.</summary>
    public static PartitionTtlOptions Read(Dictionary<string, string> pairs)
    {
        try
        {
            var options = Take(pairs) with { DropMetadataTable = MetadataOption.Take(pairs) };
            return pairs.Count == 0 ? options : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to ttl");
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static PartitionTtlOptions Take(Dictionary<string, string> pairs)
    {
        var d = new PartitionTtlOptions();
        T Get<T>(string key, T otherwise, Func<string, string, T> convert) => pairs.Remove(key, out var value) ? convert(key, value) : otherwise;
        return d with
        {
            Strategy = Get("hoodie.partition.ttl.management.strategy.type", d.Strategy, (k, v) => v.ToUpperInvariant() switch
            {
                "KEEP_BY_TIME" => PartitionTtlStrategy.KeepByTime,
                "KEEP_BY_CREATION_TIME" => PartitionTtlStrategy.KeepByCreationTime,
                _ => throw new UsageException($"--option {k}: {v} is not KEEP_BY_TIME or KEEP_BY_CREATION_TIME"),
            }),
            DaysRetained = Get(Strategy + "days.retain", d.DaysRetained, Number),
            MaxPartitions = Get(Strategy + "max.delete.partitions", d.MaxPartitions, Number),
            SelectedPartitions = Get(Strategy + "partition.selected", d.SelectedPartitions, (_, v) => ClusteringProperties.List(v)),
        };
    }

    private static int Number(string key, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--option {key}: {value} is not a whole number");
}
