using Apache.Arrow.Types;
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
        if (nulls == chunk.NumValues)
        {
            var zero = MadeUp(footer, leaf, chunk.Type);
            return new ColumnBounds(leaf.DottedPath, zero, zero, chunk.NumValues, nulls, chunk.TotalCompressedSize, chunk.TotalUncompressedSize);
        }

        var (min, max) = believed is null || footer.ColumnOrders is null || chunk.Type == ParquetType.Int96 ? (null, null) : Bounds(footer, leaf, chunk.Type, believed);
        return new ColumnBounds(leaf.DottedPath, min, max, chunk.NumValues, nulls, chunk.TotalCompressedSize, chunk.TotalUncompressedSize);
    }

    // Of numbers that are all null parquet-mr's statistics say 0, which is what they begin with, and Hudi stores that, also where other row groups have bounds. Decimals it takes from their
    // text, which is null then. It makes bounds wider, never wrong; without it Hudi's validation finds a difference.
    private static StatisticValue? MadeUp(ParquetFooter footer, SchemaNode leaf, ParquetType physical)
    {
        int length = physical switch { ParquetType.Boolean => 1, ParquetType.Int32 or ParquetType.Float => 4, ParquetType.Int64 or ParquetType.Double => 8, _ => 0 };
        return length > 0 && ParquetToArrow.Field(leaf, footer.Path).DataType is var type and not Decimal128Type ? StatisticValue.FromPlain(type, new byte[length], byteArray: false) : null;
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
