using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Decimals of any width, and integers, to 128-bit decimals of another precision or scale; never with a loss.</summary>
internal static class DecimalCasts
{
    public static ArrayCast? Create(IArrowType from, IArrowType to, string column, CastRules rules)
    {
        if (to is not Decimal128Type wanted)
        {
            return null;
        }

        if (!rules.IsInput && from is FloatType or DoubleType or StringType)
        {
            return data => ParsedDecimals.Of(data, from, wanted);
        }

        (int Width, int Precision, int Scale)? source = from switch
        {
            Decimal32Type d => (4, d.Precision, d.Scale),
            Decimal64Type d => (8, d.Precision, d.Scale),
            Decimal128Type d => (16, d.Precision, d.Scale),
            Decimal256Type d => (32, d.Precision, d.Scale),
            Int8Type => (1, 3, 0),
            Int16Type => (2, 5, 0),
            Int32Type => (4, 10, 0),
            Int64Type => (8, 19, 0),
            _ => null,
        };
        if (source is not { } s)
        {
            return null;
        }

        // A file's decimal may only have become wider: fewer digits after the point would round.
        return !rules.IsInput && s.Scale > wanted.Scale
            ? throw rules.Mismatch(column, from, to)
            : data => Rescale(data, s.Width, s.Scale, wanted, column, rules);
    }

    private static ArrayData Rescale(ArrayData data, int width, int scale, Decimal128Type to, string column, CastRules rules)
    {
        var bytes = Buffers.AllocateZeroed(data.Length * 16L);
        var limit = BigInteger.Pow(10, to.Precision);
        var factor = BigInteger.Pow(10, Math.Abs(to.Scale - scale));
        for (int row = 0; row < data.Length; row++)
        {
            if (ArrayValue.IsNull(data, row))
            {
                continue;
            }

            var value = ArrayValue.Decimal(data, row, width);
            var rest = BigInteger.Zero;
            value = to.Scale >= scale ? value * factor : BigInteger.DivRem(value, factor, out rest);
            if (!rest.IsZero || BigInteger.Abs(value) >= limit)
            {
                throw rules.Value(column, row, $"has a value that does not fit {ArrowTypes.Text(to)}");
            }

            System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes.AsSpan(row * 16), (Int128)value);
        }

        return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), Buffers.ToArrow(bytes)], []);
    }
}
