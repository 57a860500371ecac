using System.Globalization;
using System.Numerics;
using System.Text;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Casts;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What a stored record says of a column's values, as far as it can be believed whoever wrote it. What cannot be, or is of a type that the column cannot have had, is not known: that
/// costs reading, and no row.
/// </summary>
internal static class StoredBounds
{
    private const int LeastHidden = 4096 / 2;

    /// <param name="stored">Of a file or a partition.</param>
    /// <param name="type">The column's type in the table's schema today; the file's own may be narrower.</param>
    public static ColumnBounds? Of(ColumnStatsPayload stored, AvroType type)
    {
        if (stored.IsDeleted || stored.ColumnName is not { } column || stored.ValueCount is not >= 0 and not null || stored.ValueCount is not { } values)
        {
            return null;
        }

        var nulls = stored.NullCount is >= 0 and var n && n <= values ? stored.NullCount : null;
        if (nulls != 0 && MayHideValues(stored, type.Kind))
        {
            return new ColumnBounds(column, null, null, values, null, stored.TotalSize ?? 0, stored.TotalUncompressedSize ?? 0);
        }

        // Those of values that are all null are made up (FooterBounds).
        var (min, max) = nulls == values ? (null, null) : (Value(stored, stored.Min, type), Value(stored, stored.Max, type));
        var believed = min is { } a && max is { } b && StatisticOrder.Compare(a, b) <= 0 && IsBelieved(stored, a, b);
        return new ColumnBounds(column, believed ? min : null, believed ? max : null, values, nulls, stored.TotalSize ?? 0, stored.TotalUncompressedSize ?? 0);
    }

    /// <summary>
    /// Whether nulls that are counted may be values. Where a row group says nothing of a column, Hudi counts all its values as nulls, and takes the bounds from the other row groups
    /// (ParquetUtils.readColumnStatsFromMetadata). Nothing is said of texts and bytes whose bounds have 4096 bytes together (ParquetMetadataConverter.MAX_STATS_SIZE), of which the longer one
    /// at least lies in the file, and of timestamps stored as INT96: other numbers have bounds of 0 where all are null.
    /// </summary>
    private static bool MayHideValues(ColumnStatsPayload stored, AvroKind kind) => kind switch
    {
        AvroKind.String or AvroKind.Uuid or AvroKind.Enum or AvroKind.Bytes or AvroKind.Fixed => stored.TotalUncompressedSize is not < LeastHidden,
        AvroKind.TimestampMillis or AvroKind.TimestampMicros or AvroKind.LocalTimestampMillis or AvroKind.LocalTimestampMicros => stored.Min is null && stored.TotalUncompressedSize is not 0,
        _ => false,
    };

    private static bool IsBelieved(ColumnStatsPayload stored, StatisticValue min, StatisticValue max) => min.Kind switch
    {
        // Of a Parquet column with a NaN Hudi stores 0.0 for both bounds, and merges that with the bounds of other row groups: then 0.0 lies between them.
        StatisticValue.Kinds.Real => !double.IsNaN(min.Real) && !double.IsNaN(max.Real) && (min.Real > 0 || max.Real < 0),

        // Java orders texts by UTF-16, where surrogates come before U+E000: the order of code points is another from there on. A partition's may come of files without bounds: Hudi merges
        // those as if they had no values.
        StatisticValue.Kinds.Text => stored.Type == MetadataRecordType.ColumnStats && InBothOrders(min) && InBothOrders(max),

        // Java orders bytes with their sign.
        StatisticValue.Kinds.Bytes => false,
        _ => true,
    };

    // 0xEE is the first byte of U+E000; surrogates are none of UTF-8, and what they stand for begins with 0xF0 or more.
    private static bool InBothOrders(StatisticValue text) => !text.Bytes.Span.ContainsAnyInRange((byte)0xEE, (byte)0xFF);

    private static StatisticValue? Value(ColumnStatsPayload stored, WrappedValue? bound, AvroType type) =>
        bound is not { } b ? null : stored.ValueType is null or 0 ? Version1(b, type) : Version2(stored, b, type);

    // The wrapper tells the Java class; what a number counts, the column's type.
    private static StatisticValue? Version1(WrappedValue bound, AvroType type) => (bound.Kind, type.Kind) switch
    {
        (WrapperKind.Int, AvroKind.Date) => StatisticValue.OfDays((int)bound.Value),
        (WrapperKind.Int, AvroKind.TimeMillis) => StatisticValue.OfTimeNanos((Int128)(int)bound.Value * 1_000_000),
        (WrapperKind.Int, AvroKind.Int or AvroKind.Long or AvroKind.Float or AvroKind.Double or AvroKind.Decimal) => StatisticValue.Whole((int)bound.Value),
        (WrapperKind.Long, AvroKind.Long or AvroKind.Float or AvroKind.Double or AvroKind.Decimal) => StatisticValue.Whole((long)bound.Value),
        (WrapperKind.Long or WrapperKind.TimeMicros, AvroKind.TimeMicros) => StatisticValue.OfTimeNanos((Int128)(long)bound.Value * 1_000),
        (WrapperKind.Long or WrapperKind.TimestampMicros, AvroKind.TimestampMicros or AvroKind.LocalTimestampMicros) => StatisticValue.OfTimestampNanos((Int128)(long)bound.Value * 1_000),
        (WrapperKind.Long, AvroKind.TimestampMillis or AvroKind.LocalTimestampMillis) => StatisticValue.OfTimestampNanos((Int128)(long)bound.Value * 1_000_000),
        (WrapperKind.Date or WrapperKind.LocalDate, AvroKind.Date) => StatisticValue.OfDays((int)bound.Value),
        (WrapperKind.Decimal, AvroKind.Decimal) => Decimal((byte[])bound.Value, BoundForms.DecimalScale, type.Scale),
        (WrapperKind.Boolean or WrapperKind.Float or WrapperKind.Double or WrapperKind.String or WrapperKind.Bytes, _) => Plain(bound, type),
        _ => null,
    };

    private static StatisticValue? Version2(ColumnStatsPayload stored, WrappedValue bound, AvroType type) => (stored.ValueType, bound.Kind) switch
    {
        (3, WrapperKind.Int) => StatisticValue.Whole((int)bound.Value),
        (4, WrapperKind.Long) => StatisticValue.Whole((long)bound.Value),
        (2, WrapperKind.Boolean) or (5, WrapperKind.Float) or (6, WrapperKind.Double) or (7 or 11, WrapperKind.String) or (8 or 9, WrapperKind.Bytes) => Plain(bound, type),
        (10, WrapperKind.Bytes) => Scale(stored.ValueTypeInfo) is { } scale ? Decimal((byte[])bound.Value, scale, scale) : null,
        (12, WrapperKind.Int) => StatisticValue.OfDays((int)bound.Value),
        (13, WrapperKind.Int) => StatisticValue.OfTimeNanos((Int128)(int)bound.Value * 1_000_000),
        (14, WrapperKind.Long) => StatisticValue.OfTimeNanos((Int128)(long)bound.Value * 1_000),
        (15 or 18, WrapperKind.Long) => StatisticValue.OfTimestampNanos((Int128)(long)bound.Value * 1_000_000),
        (16 or 19, WrapperKind.Long) => StatisticValue.OfTimestampNanos((Int128)(long)bound.Value * 1_000),
        (17 or 20, WrapperKind.Long) => StatisticValue.OfTimestampNanos((long)bound.Value),
        _ => null,
    };

    private static StatisticValue? Plain(WrappedValue bound, AvroType type) => bound.Kind switch
    {
        // Where the column has become double since, as its values are read.
        WrapperKind.Float when type.Kind == AvroKind.Double => StatisticValue.OfReal(NumberCasts.ThroughText((float)bound.Value)),
        WrapperKind.Boolean => StatisticValue.OfBoolean((bool)bound.Value),
        WrapperKind.Float => StatisticValue.OfReal((float)bound.Value),
        WrapperKind.Double => StatisticValue.OfReal((double)bound.Value),
        WrapperKind.String => StatisticValue.OfText(Encoding.UTF8.GetBytes((string)bound.Value)),
        _ => StatisticValue.OfBytes((byte[])bound.Value),
    };

    // Brought to the column's scale where nothing is lost by that.
    private static StatisticValue? Decimal(byte[] unscaled, int scale, int wanted)
    {
        var number = new BigInteger(unscaled, isBigEndian: true);
        for (; scale > wanted; scale--)
        {
            number = BigInteger.DivRem(number, 10, out var rest);
            if (!rest.IsZero)
            {
                return null;
            }
        }

        return scale >= 0 && number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue ? StatisticValue.OfDecimal((Int128)number, scale) : null;
    }

    private static int? Scale(string? info) =>
        info?.Split(',') is [_, var scale] && int.TryParse(scale, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s <= AvroToArrow.MaxPrecision ? s : null;
}
