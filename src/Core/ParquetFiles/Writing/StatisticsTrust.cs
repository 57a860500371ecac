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

    /// <summary>The chunk's metadata without least and greatest value where it holds texts or bytes.</summary>
    public static ColumnChunkMetadata WithoutTextStatistics(ColumnChunkMetadata chunk)
    {
        if (chunk.Statistics is not { } statistics || chunk.Type is not (ParquetType.ByteArray or ParquetType.FixedLenByteArray))
        {
            return chunk;
        }

        var changed = chunk.MoveTo(chunk.Start);
        changed.Statistics = new ColumnStatistics { NullCount = statistics.NullCount };
        return changed;
    }

    [GeneratedRegex(@"version (\d{1,6})\.(\d{1,6})\.(\d{1,6})")]
    private static partial Regex VersionPattern();
}
