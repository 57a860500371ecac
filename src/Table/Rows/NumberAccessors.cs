using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Number columns as C# numbers: without loss, or an error.</summary>
internal static class NumberAccessors
{
    public static Accessor<T>? Create<T>(IArrowType type, string where) => type switch
    {
        Int8Type => From<sbyte, T>(where),
        Int16Type => From<short, T>(where),
        Int32Type => From<int, T>(where),
        Int64Type => From<long, T>(where),
        UInt8Type => From<byte, T>(where),
        UInt16Type => From<ushort, T>(where),
        UInt32Type => From<uint, T>(where),
        UInt64Type => From<ulong, T>(where),
        FloatType => typeof(T) == typeof(double) ? (Accessor<T>)(object)new FunctionAccessor<FloatArray, double>(where, (a, i) => a.Values[i]) : Same<float, T>(where),
        DoubleType => Same<double, T>(where),
        Decimal128Type d when typeof(T) == typeof(decimal) => (Accessor<T>)(object)new FunctionAccessor<FixedSizeBinaryArray, decimal>(where, (a, i) => ToDecimal(a.GetBytes(i), d.Scale)),
        _ => null,
    };

    private static Accessor<T>? Same<TStored, T>(string where)
        where TStored : struct, IEquatable<TStored> =>
        typeof(T) == typeof(TStored) ? (Accessor<T>)(object)new FunctionAccessor<PrimitiveArray<TStored>, TStored>(where, (a, i) => a.Values[i]) : null;

    private static Accessor<T>? From<TStored, T>(string where)
        where TStored : struct, IBinaryInteger<TStored>
    {
        if (typeof(T) == typeof(TStored))
        {
            return Same<TStored, T>(where);
        }

        return Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.SByte => Checked<TStored, sbyte, T>(where),
            TypeCode.Int16 => Checked<TStored, short, T>(where),
            TypeCode.Int32 when !typeof(T).IsEnum => Checked<TStored, int, T>(where),
            TypeCode.Int64 => Checked<TStored, long, T>(where),
            TypeCode.Byte => Checked<TStored, byte, T>(where),
            TypeCode.UInt16 => Checked<TStored, ushort, T>(where),
            TypeCode.UInt32 => Checked<TStored, uint, T>(where),
            TypeCode.UInt64 => Checked<TStored, ulong, T>(where),
            TypeCode.Single => Checked<TStored, float, T>(where),
            TypeCode.Double => Checked<TStored, double, T>(where),
            TypeCode.Decimal => Checked<TStored, decimal, T>(where),
            _ => null,
        };
    }

    private static Accessor<T>? Checked<TStored, TTo, T>(string where)
        where TStored : struct, IBinaryInteger<TStored>
        where TTo : INumberBase<TTo> =>
        typeof(T) == typeof(TTo) ? (Accessor<T>)(object)new FunctionAccessor<PrimitiveArray<TStored>, TTo>(where, (a, i) => TTo.CreateChecked(a.Values[i])) : null;

    private static decimal ToDecimal(ReadOnlySpan<byte> bytes, int scale)
    {
        var unscaled = BinaryPrimitives.ReadInt128LittleEndian(bytes);
        var magnitude = Int128.Abs(unscaled);
        if (scale is >= 0 and <= 28 && magnitude >> 96 == 0)
        {
            return new decimal((int)(uint)(ulong)(magnitude & uint.MaxValue), (int)(uint)(ulong)((magnitude >> 32) & uint.MaxValue), (int)(uint)(ulong)((magnitude >> 64) & uint.MaxValue), unscaled < 0, (byte)scale);
        }

        // More digits than System.Decimal: right when those past its own are zeros.
        Span<byte> text = stackalloc byte[128];
        var digits = text[..DecimalText.Format(unscaled, scale, text)];
        var value = decimal.Parse(digits, NumberStyles.Number, CultureInfo.InvariantCulture);
        var exact = Filtering.ExactNumber.Of(value).Floor(scale, out var fits);
        return fits && exact == (BigInteger)unscaled ? value : throw new OverflowException();
    }
}
