using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Bounds of a base file's columns from its footer, over all row groups (ParquetUtils.readColumnStatsFromMetadata). Unlike there, a column with a NaN has none: Hudi stores 0.0 for both,
/// by which its readers lose rows.
/// </summary>
internal static class FooterBounds
{
    /// <param name="footer">The file's footer.</param>
    /// <param name="columns">Names, dotted where nested. Those that the file lacks, and lists and maps, have no bounds.</param>
    public static IReadOnlyList<ColumnBounds> Of(ParquetFooter footer, IReadOnlyList<string> columns)
    {
        var leaves = footer.Root.Leaves.Where(l => l.MaxRepetition == 0).ToLookup(l => l.DottedPath);
        return [.. columns.Select(c => leaves[c].MinBy(l => l.Path.Length)).OfType<SchemaNode>().Select(leaf => Of(footer, leaf))];
    }

    private static ColumnBounds Of(ParquetFooter footer, SchemaNode leaf)
    {
        var whole = new ColumnBounds(leaf.DottedPath, null, null, 0, 0, 0, 0);
        foreach (var group in footer.RowGroups.Where(g => g.NumRows > 0))
        {
            whole = whole.With(Of(footer, leaf, group.Columns[leaf.FirstLeaf]));
        }

        return whole;
    }

    private static ColumnBounds Of(ParquetFooter footer, SchemaNode leaf, ColumnChunkMetadata chunk)
    {
        var believed = StatisticsTrust.Believed(chunk, footer.CreatedBy).Statistics;
        long? nulls = believed?.NullCount is >= 0 and var n && n <= chunk.NumValues ? n : null;
        var (min, max) = believed is null || footer.ColumnOrders is null || chunk.Type == ParquetType.Int96 ? (null, null) : Bounds(footer, leaf, chunk.Type, believed);
        return new ColumnBounds(leaf.DottedPath, min, max, chunk.NumValues, nulls, chunk.TotalCompressedSize, chunk.TotalUncompressedSize);
    }

    private static (StatisticValue?, StatisticValue?) Bounds(ParquetFooter footer, SchemaNode leaf, ParquetType physical, ColumnStatistics statistics)
    {
        // Bounds that were cut, as some writers do with long texts, bound the values but are none of them: Hudi's readers do not mind, but neither can tell.
        if (statistics.MinValue is not { } low || statistics.MaxValue is not { } high || statistics.IsMinValueExact == false || statistics.IsMaxValueExact == false)
        {
            return (null, null);
        }

        var type = ParquetToArrow.Field(leaf, footer.Path).DataType;
        var bytes = physical is ParquetType.ByteArray or ParquetType.FixedLenByteArray;
        return StatisticValue.FromPlain(type, low, bytes) is { } min && StatisticValue.FromPlain(type, high, bytes) is { } max ? (Zero(min, negative: true), Zero(max, negative: false)) : (null, null);
    }

    // Which zero a writer means is not known: parquet-mr takes the widest (Statistics.Builder).
    private static StatisticValue Zero(StatisticValue bound, bool negative) =>
        bound is { Kind: StatisticValue.Kinds.Real, Real: 0 } ? StatisticValue.OfReal(negative ? -0.0 : 0.0) : bound;
}
