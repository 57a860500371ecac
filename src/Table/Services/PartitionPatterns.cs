using System.Text.RegularExpressions;

namespace OllaLab.Lakehouse.Services;

/// <summary>Which partitions are meant by paths with asterisks (HoodieSparkSqlWriter.resolvePartitionWildcards).</summary>
internal static class PartitionPatterns
{
    /// <param name="patterns">As the user gives them.</param>
    /// <param name="partitions">The table's.</param>
    /// <returns>In the table's order.</returns>
    public static IReadOnlyList<string> Select(IReadOnlyCollection<string> patterns, IReadOnlyList<string> partitions)
    {
        var expressions = patterns.Select(p => new Regex(
            "^" + string.Join(".*", p.Split('*').Select(Regex.Escape)) + "$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)).ToList();
        return [.. partitions.Where(p => expressions.Exists(e => e.IsMatch(p)))];
    }
}
