using System.Text.RegularExpressions;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Whose statistics of texts and bytes are known to be wrong. Readers learn that from the footer's created_by, which a copied chunk leaves behind: there the statistics must
/// go. Sources: org.apache.parquet.CorruptStatistics (PARQUET-251); Parquet.Net orders texts by culture.
/// </summary>
internal static partial class StatisticsTrust
{
    public static bool IsDistrusted(string? createdBy)
    {
        if (string.IsNullOrWhiteSpace(createdBy) || createdBy.StartsWith("Parquet.Net", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!createdBy.StartsWith("parquet-mr", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var match = VersionPattern().Match(createdBy);
        return !match.Success || new Version(int.Parse(match.Groups[1].ValueSpan), int.Parse(match.Groups[2].ValueSpan), int.Parse(match.Groups[3].ValueSpan)) < new Version(1, 8, 1);
    }

    /// <summary>
    /// Whether a chunk of floats with a NaN is known to show it: parquet-mr makes NaN its greatest value, our own writer states no bounds. Arrow's bounds leave NaN out, other writers'
    /// are not known.
    /// </summary>
    public static bool ShowsNaN(string? createdBy) =>
        createdBy is not null && (createdBy.StartsWith("parquet-mr", StringComparison.OrdinalIgnoreCase) || createdBy.StartsWith("OllaLab.Lakehouse", StringComparison.Ordinal));

    /// <summary>The chunk's metadata as it may stand in a file of ours: without bounds that readers of the file they come from do not believe.</summary>
    public static ColumnChunkMetadata Believed(ColumnChunkMetadata chunk, string? createdBy) => chunk.Type switch
    {
        ParquetType.ByteArray or ParquetType.FixedLenByteArray when IsDistrusted(createdBy) => WithoutBounds(chunk),
        ParquetType.Float or ParquetType.Double when !ShowsNaN(createdBy) => WithoutBounds(chunk),
        _ => chunk,
    };

    /// <summary>The chunk's metadata without least and greatest value.</summary>
    public static ColumnChunkMetadata WithoutBounds(ColumnChunkMetadata chunk)
    {
        if (chunk.Statistics is not { } statistics)
        {
            return chunk;
        }

        var changed = chunk.Copy();
        changed.Statistics = new ColumnStatistics { NullCount = statistics.NullCount };
        return changed;
    }

    [GeneratedRegex(@"version (\d{1,6})\.(\d{1,6})\.(\d{1,6})")]
    private static partial Regex VersionPattern();
}
