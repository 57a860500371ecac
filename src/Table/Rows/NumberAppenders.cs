using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Rows;

/// <summary>How C# numbers go into number columns: without loss, or not at all.</summary>
internal static class NumberAppenders
{
    public static Func<T, bool>? Create<T>(ColumnBuilder builder) => builder switch
    {
        FixedWidthBuilder<sbyte> b => Whole<T, sbyte>(b),
        FixedWidthBuilder<short> b => Whole<T, short>(b),
        FixedWidthBuilder<int> { Type: Int32Type } b => Whole<T, int>(b),
        FixedWidthBuilder<long> { Type: Int64Type } b => Whole<T, long>(b),
        FixedWidthBuilder<byte> b => Whole<T, byte>(b),
        FixedWidthBuilder<ushort> b => Whole<T, ushort>(b),
        FixedWidthBuilder<uint> b => Whole<T, uint>(b),
        FixedWidthBuilder<ulong> b => Whole<T, ulong>(b),
        FixedWidthBuilder<float> b => Single<T>(b),
        FixedWidthBuilder<double> b => Double<T>(b),
        FixedBytesBuilder { Type: Decimal128Type d } b => Decimal<T>(b, d),
        _ => null,
    };

    private static Func<T, bool>? Whole<T, TTo>(FixedWidthBuilder<TTo> builder)
        where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo>
    {
        if (typeof(T) == typeof(TTo))
        {
            return (Func<T, bool>)(object)(Func<TTo, bool>)(v =>
            {
                builder.Append(v);
                return true;
            });
        }

        bool Append(Int128 v)
        {
            if (v < Int128.CreateTruncating(TTo.MinValue) || v > Int128.CreateTruncating(TTo.MaxValue))
            {
                return false;
            }

            builder.Append(TTo.CreateTruncating(v));
            return true;
        }

        return Integers<T>(Append);
    }

    private static Func<T, bool>? Single<T>(FixedWidthBuilder<float> builder)
    {
        bool Append(float v)
        {
            builder.Append(v);
            return true;
        }

        return typeof(T) == typeof(float) ? (Func<T, bool>)(object)(Func<float, bool>)Append : Integers<T>(v => Append((float)v));
    }

    private static Func<T, bool>? Double<T>(FixedWidthBuilder<double> builder)
    {
        bool Append(double v)
        {
            builder.Append(v);
            return true;
        }

        return typeof(T) == typeof(double) ? (Func<T, bool>)(object)(Func<double, bool>)Append
            : typeof(T) == typeof(float) ? (Func<T, bool>)(object)(Func<float, bool>)(v => Append(v)) : Integers<T>(v => Append((double)v));
    }

    private static Func<T, bool>? Decimal<T>(FixedBytesBuilder builder, Decimal128Type type)
    {
        var limit = BigInteger.Pow(10, type.Precision);
        var bytes = new byte[16];
        bool Append(BigInteger unscaled, int scale)
        {
            var exact = new ExactNumber(unscaled, scale).Floor(type.Scale, out var fits);
            if (!fits || BigInteger.Abs(exact) >= limit)
            {
                return false;
            }

            BinaryPrimitives.WriteInt128LittleEndian(bytes, (Int128)exact);
            builder.Append(bytes);
            return true;
        }

        bool AppendDecimal(decimal v)
        {
            // The usual case without big numbers: 96 bits times a small power of ten.
            Span<int> parts = stackalloc int[4];
            decimal.GetBits(v, parts);
            var shift = type.Scale - ((parts[3] >> 16) & 0xFF);
            if (shift is >= 0 and <= 9)
            {
                var unscaled = (Int128)new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]) * Text.DecimalText.PowerOfTen(shift);
                if (unscaled >= Text.DecimalText.PowerOfTen(type.Precision))
                {
                    return false;
                }

                BinaryPrimitives.WriteInt128LittleEndian(bytes, parts[3] < 0 ? -unscaled : unscaled);
                builder.Append(bytes);
                return true;
            }

            var number = ExactNumber.Of(v);
            return Append(number.Unscaled, number.Scale);
        }

        return typeof(T) == typeof(decimal) ? (Func<T, bool>)(object)(Func<decimal, bool>)AppendDecimal
            : typeof(T) == typeof(BigInteger) ? (Func<T, bool>)(object)(Func<BigInteger, bool>)(v => Append(v, 0)) : Integers<T>(v => Append((BigInteger)v, 0));
    }

    private static Func<T, bool>? Integers<T>(Func<Int128, bool> append)
    {
        Delegate? made = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.SByte => (Func<sbyte, bool>)(v => append(v)),
            TypeCode.Int16 => (Func<short, bool>)(v => append(v)),
            TypeCode.Int32 => (Func<int, bool>)(v => append(v)),
            TypeCode.Int64 => (Func<long, bool>)(v => append(v)),
            TypeCode.Byte => (Func<byte, bool>)(v => append(v)),
            TypeCode.UInt16 => (Func<ushort, bool>)(v => append(v)),
            TypeCode.UInt32 => (Func<uint, bool>)(v => append(v)),
            TypeCode.UInt64 => (Func<ulong, bool>)(v => append(v)),
            _ => null,
        };
        return made as Func<T, bool>;
    }
}
