using System.Text.RegularExpressions;

namespace OllaLab.Lakehouse.Services;

/// <summary>Which partitions a clustering looks at (PartitionAwareClusteringPlanStrategy, ClusteringPlanPartitionFilter).</summary>
internal static class PartitionSelection
{
    /// <param name="partitions">The table's, sorted.</param>
    /// <param name="options">The settings.</param>
    /// <param name="hour">Of the day, for <see cref="ClusteringPartitions.DayRolling"/>.</param>
    public static IReadOnlyList<string> Select(IReadOnlyList<string> partitions, ClusteringOptions options, int hour)
    {
        var named = options.SelectedPartitions is { Count: > 0 } selected ? [.. partitions.Where(selected.Contains)]
            : options.PartitionPattern is { Length: > 0 } pattern ? Matching(partitions, pattern)
            : partitions;
        return options.Partitions switch
        {
            ClusteringPartitions.Recent => [.. named.Reverse().Skip(options.SkippedPartitions).Take(options.RecentPartitions).Reverse()],
            ClusteringPartitions.Range => [.. named.Where(p =>
                (options.BeginPartition is null || string.CompareOrdinal(p, options.BeginPartition) >= 0) && (options.EndPartition is null || string.CompareOrdinal(p, options.EndPartition) <= 0))],
            ClusteringPartitions.DayRolling => [.. named.Where((_, i) => i % 24 == hour)],
            _ => named,
        };
    }

    private static List<string> Matching(IReadOnlyList<string> partitions, string pattern)
    {
        try
        {
            var whole = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
            return [.. partitions.Where(p => whole.IsMatch(p))];
        }
        catch (ArgumentException e)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The pattern of partitions '{pattern}' is not a regular expression: {e.Message}", remedy: "Write it as one, as in 2024/.*");
        }
    }
}
