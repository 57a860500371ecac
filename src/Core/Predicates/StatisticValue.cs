using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>The value of a statistic in a form that does not depend on how its file stores it, so that it can be held against the table's column type, which may be wider.</summary>
internal readonly record struct StatisticValue
{
    public enum Kinds
    {
        Whole,
        Real,
        Decimal,
        /// <summary>UTF-8. Apart from <see cref="Bytes"/>: a UUID of 16 bytes is read as text of another order.</summary>
        Text,
        Bytes,
        Boolean,
        Days,
        TimeNanos,
        TimestampNanos,
    }

    private StatisticValue(Kinds kind, Int128 number = default, int scale = 0, double real = 0, ReadOnlyMemory<byte> bytes = default)
    {
        Kind = kind;
        Number = number;
        Scale = scale;
        Real = real;
        Bytes = bytes;
    }

    public Kinds Kind { get; }

    public Int128 Number { get; }

    public int Scale { get; }

    public double Real { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static StatisticValue Whole(Int128 value) => new(Kinds.Whole, value);

    public static StatisticValue OfReal(double value) => new(Kinds.Real, real: value);

    public static StatisticValue OfDecimal(Int128 unscaled, int scale) => new(Kinds.Decimal, unscaled, scale);

    public static StatisticValue OfText(ReadOnlyMemory<byte> utf8) => new(Kinds.Text, bytes: utf8);

    public static StatisticValue OfBytes(ReadOnlyMemory<byte> value) => new(Kinds.Bytes, bytes: value);

    public static StatisticValue OfBoolean(bool value) => new(Kinds.Boolean, value ? 1 : 0);

    public static StatisticValue OfDays(int days) => new(Kinds.Days, days);

    public static StatisticValue OfTimeNanos(Int128 nanos) => new(Kinds.TimeNanos, nanos);

    public static StatisticValue OfTimestampNanos(Int128 nanos) => new(Kinds.TimestampNanos, nanos);

    /// <summary>A value in Parquet's PLAIN encoding, as statistics hold it. <paramref name="type"/>: the Arrow type of the file's own column. Null: not understood, or NaN.</summary>
    /// <param name="byteArray">Whether the physical type is BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY; decimals are big-endian there.</param>
    public static StatisticValue? FromPlain(IArrowType type, ReadOnlyMemory<byte> value, bool byteArray)
    {
        var bytes = value.Span;
        if (byteArray)
        {
            return type switch
            {
                StringType => OfText(value),
                BinaryType => OfBytes(value),
                Decimal128Type d when bytes.Length is > 0 and <= 32 && new BigInteger(bytes, isBigEndian: true) is var big && big >= (BigInteger)Int128.MinValue && big <= (BigInteger)Int128.MaxValue => OfDecimal((Int128)big, d.Scale),
                Decimal128Type => null,
                FixedSizeBinaryType => OfBytes(value),
                DictionaryType d => FromPlain(d.ValueType, value, byteArray),
                _ => null,
            };
        }

        if (bytes.Length == 1 && type is BooleanType)
        {
            return OfBoolean(bytes[0] != 0);
        }

        if (type is FloatType or DoubleType)
        {
            var real = bytes.Length == 4 && type is FloatType ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : bytes.Length == 8 && type is DoubleType ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : double.NaN;
            return double.IsNaN(real) ? null : OfReal(real);
        }

        Int128 number;
        switch (bytes.Length)
        {
            case 4: number = type is UInt8Type or UInt16Type or UInt32Type ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes); break;
            case 8: number = type is UInt64Type ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes); break;
            default: return null;
        }

        return FromNumber(type, number);
    }

    /// <summary>The value of one row; null where it is null, NaN or of a type without order.</summary>
    public static StatisticValue? FromArray(IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            return null;
        }

        var type = array.Data.DataType;
        return array switch
        {
            BooleanArray a => OfBoolean(a.GetValue(row)!.Value),
            Int8Array a => FromNumber(type, a.Values[row]),
            Int16Array a => FromNumber(type, a.Values[row]),
            PrimitiveArray<int> a => FromNumber(type, a.Values[row]),
            PrimitiveArray<long> a => FromNumber(type, a.Values[row]),
            UInt8Array a => FromNumber(type, a.Values[row]),
            UInt16Array a => FromNumber(type, a.Values[row]),
            UInt32Array a => FromNumber(type, a.Values[row]),
            UInt64Array a => FromNumber(type, a.Values[row]),
            FloatArray a => float.IsNaN(a.Values[row]) ? null : OfReal(a.Values[row]),
            DoubleArray a => double.IsNaN(a.Values[row]) ? null : OfReal(a.Values[row]),
            StringArray a => OfText(a.GetBytes(row).ToArray()),
            BinaryArray a => OfBytes(a.GetBytes(row).ToArray()),
            FixedSizeBinaryArray a when type is Decimal128Type d => OfDecimal(BinaryPrimitives.ReadInt128LittleEndian(a.GetBytes(row)), d.Scale),
            FixedSizeBinaryArray a when type is not Decimal256Type => OfBytes(a.GetBytes(row).ToArray()),
            _ => null,
        };
    }

    private static StatisticValue? FromNumber(IArrowType type, Int128 number) => type switch
    {
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type or UInt64Type => Whole(number),
        Decimal128Type d => OfDecimal(number, d.Scale),
        Date32Type => new(Kinds.Days, number),
        Time32Type t => new(Kinds.TimeNanos, number * NanosPer(t.Unit)),
        Time64Type t => new(Kinds.TimeNanos, number * NanosPer(t.Unit)),
        TimestampType t => new(Kinds.TimestampNanos, number * NanosPer(t.Unit)),
        _ => null,
    };

    private static long NanosPer(TimeUnit unit) => 1_000_000_000 / TemporalText.PerSecond(unit);
}
