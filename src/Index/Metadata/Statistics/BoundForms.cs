using System.Numerics;
using System.Text;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>How a bound is stored: in version 1 of the index in a wrapper that follows from the value's Java class, in version 2 with the number of its logical type (ValueType).</summary>
internal static class BoundForms
{
    /// <summary>DecimalWrapper is decimal(30,15).</summary>
    public const int DecimalScale = 15;

    /// <inheritdoc cref="DecimalScale"/>
    public const int DecimalPrecision = 30;

    /// <summary>ValueType.NULL: a log without rows.</summary>
    public const int NullType = 1;

    private const int Decimal = 10;

    /// <summary>The ordinal of Hudi's ValueType, which only version 2 stores.</summary>
    public static int ValueType(AvroKind kind) => kind switch
    {
        AvroKind.Boolean => 2,
        AvroKind.Int => 3,
        AvroKind.Long => 4,
        AvroKind.Float => 5,
        AvroKind.Double => 6,
        AvroKind.String => 7,
        AvroKind.Bytes => 8,
        AvroKind.Fixed => 9,
        AvroKind.Decimal => Decimal,
        AvroKind.Uuid => 11,
        AvroKind.Date => 12,
        AvroKind.TimeMillis => 13,
        AvroKind.TimeMicros => 14,
        AvroKind.TimestampMillis => 15,
        AvroKind.TimestampMicros => 16,
        AvroKind.LocalTimestampMillis => 18,
        AvroKind.LocalTimestampMicros => 19,
        _ => throw new InvalidOperationException($"Columns of type {kind} have no statistics."),
    };

    /// <returns>Null where the value is not one of the column's type: it is not stored then.</returns>
    public static WrappedValue? Wrap(StatisticValue? bound, AvroType type, int version) => bound is not { } value ? null : (type.Kind, value.Kind) switch
    {
        (AvroKind.Boolean, StatisticValue.Kinds.Boolean) => new(WrapperKind.Boolean, value.Number != 0),
        (AvroKind.Int, StatisticValue.Kinds.Whole) => new(WrapperKind.Int, (int)value.Number),
        (AvroKind.Long, StatisticValue.Kinds.Whole) => new(WrapperKind.Long, (long)value.Number),
        (AvroKind.Float, StatisticValue.Kinds.Real) => new(WrapperKind.Float, (float)value.Real),
        (AvroKind.Double, StatisticValue.Kinds.Real) => new(WrapperKind.Double, value.Real),
        (AvroKind.String or AvroKind.Uuid, StatisticValue.Kinds.Text) => new(WrapperKind.String, Encoding.UTF8.GetString(value.Bytes.Span)),
        (AvroKind.Bytes or AvroKind.Fixed, StatisticValue.Kinds.Bytes) => new(WrapperKind.Bytes, value.Bytes.ToArray()),
        (AvroKind.Decimal, StatisticValue.Kinds.Decimal) when value.Scale == type.Scale => version == 1
            ? new(WrapperKind.Decimal, Unscaled(value.Number * DecimalText.PowerOfTen(DecimalScale - type.Scale)))
            : new(WrapperKind.Bytes, Unscaled(value.Number)),
        (AvroKind.Date, StatisticValue.Kinds.Days) => new(version == 1 ? WrapperKind.Date : WrapperKind.Int, (int)value.Number),
        (AvroKind.TimeMillis, StatisticValue.Kinds.TimeNanos) => new(WrapperKind.Int, (int)(value.Number / 1_000_000)),
        (AvroKind.TimeMicros, StatisticValue.Kinds.TimeNanos) => new(WrapperKind.Long, (long)(value.Number / 1_000)),
        (AvroKind.TimestampMillis or AvroKind.LocalTimestampMillis, StatisticValue.Kinds.TimestampNanos) => Ticks(value.Number, 1_000_000),
        (AvroKind.TimestampMicros or AvroKind.LocalTimestampMicros, StatisticValue.Kinds.TimestampNanos) => Ticks(value.Number, 1_000),
        _ => null,
    };

    /// <summary>Precision and scale of a decimal, as version 2 stores them; null for other types.</summary>
    public static string? TypeInfo(AvroType type) => type.Kind == AvroKind.Decimal ? $"{type.Precision},{type.Scale}" : null;

    /// <summary>Bounds between which all values of a type lie. The greatest text begins with more of Unicode's last code point, no character, than a text has; so with bytes.</summary>
    public static (StatisticValue Min, StatisticValue Max) Widest(AvroType type) => type.Kind switch
    {
        AvroKind.Boolean => (StatisticValue.OfBoolean(false), StatisticValue.OfBoolean(true)),
        AvroKind.Int => (StatisticValue.Whole(int.MinValue), StatisticValue.Whole(int.MaxValue)),
        AvroKind.Long => (StatisticValue.Whole(long.MinValue), StatisticValue.Whole(long.MaxValue)),
        AvroKind.Float or AvroKind.Double => (StatisticValue.OfReal(double.NegativeInfinity), StatisticValue.OfReal(double.PositiveInfinity)),
        AvroKind.String or AvroKind.Uuid => (StatisticValue.OfText(default), StatisticValue.OfText(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\U0010FFFF", 64))))),
        AvroKind.Decimal => (StatisticValue.OfDecimal(1 - DecimalText.PowerOfTen(type.Precision), type.Scale), StatisticValue.OfDecimal(DecimalText.PowerOfTen(type.Precision) - 1, type.Scale)),
        AvroKind.Bytes or AvroKind.Fixed => (StatisticValue.OfBytes(default), StatisticValue.OfBytes(Enumerable.Repeat((byte)0xFF, 256).ToArray())),
        AvroKind.Date => (StatisticValue.OfDays(int.MinValue), StatisticValue.OfDays(int.MaxValue)),
        AvroKind.TimeMillis or AvroKind.TimeMicros => (StatisticValue.OfTimeNanos(0), StatisticValue.OfTimeNanos(86_400_000_000_000)),
        AvroKind.TimestampMillis or AvroKind.LocalTimestampMillis => (StatisticValue.OfTimestampNanos((Int128)long.MinValue * 1_000_000), StatisticValue.OfTimestampNanos((Int128)long.MaxValue * 1_000_000)),
        _ => (StatisticValue.OfTimestampNanos((Int128)long.MinValue * 1_000), StatisticValue.OfTimestampNanos((Int128)long.MaxValue * 1_000)),
    };

    // An older file may count in a finer unit than the table: what would have to be rounded is not stored.
    private static WrappedValue? Ticks(Int128 nanos, int per) => nanos % per == 0 ? new WrappedValue(WrapperKind.Long, (long)(nanos / per)) : null;

    private static byte[] Unscaled(Int128 number) => ((BigInteger)number).ToByteArray(isBigEndian: true);
}
