using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>
/// Numbers with a fraction and texts whose column became a decimal (schema-on-read evolution), as Spark casts them when it reads the older file: digits past the scale are rounded half up,
/// what is no number or too large is null.
/// </summary>
internal static class ParsedDecimals
{
    // A double's last digit is the 324th after the point, and it has 17 digits at most.
    private const int Scale = 345;
    private const int Precision = Scale + 40;

    public static ArrayData Of(ArrayData data, IArrowType from, Decimal128Type to)
    {
        var values = new byte[data.Length * 16];
        var valid = new ArrowBuffer.BitmapBuilder(data.Length);
        int nulls = 0;
        for (int row = 0; row < data.Length; row++)
        {
            bool isKnown = !ArrayValue.IsNull(data, row) && TryConvert(Text(data, from, row), to, values.AsSpan(row * 16));
            valid.Append(isKnown);
            nulls += isKnown ? 0 : 1;
        }

        return new ArrayData(to, data.Length, nulls, 0, [valid.Build(), Buffers.ToArrow(values)], []);
    }

    private static ReadOnlySpan<byte> Text(ArrayData data, IArrowType from, int row) => from switch
    {
        FloatType => Encoding.ASCII.GetBytes(JavaText.Of(ArrayValue.Fixed<float>(data, row))),
        DoubleType => Encoding.ASCII.GetBytes(JavaText.Of(ArrayValue.Fixed<double>(data, row))),
        _ => ArrayValue.Bytes(data, row).Trim((byte)' '),
    };

    private static bool TryConvert(ReadOnlySpan<byte> text, Decimal128Type to, Span<byte> result)
    {
        if (DecimalText.TryParseWide(text, Precision, Scale, out var exact) != ParseOutcome.Done)
        {
            return false;
        }

        var unit = BigInteger.Pow(10, Scale - to.Scale);
        var magnitude = (BigInteger.Abs(exact) + (unit / 2)) / unit;
        if (magnitude >= BigInteger.Pow(10, to.Precision))
        {
            return false;
        }

        System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(result, (Int128)(exact.Sign < 0 ? -magnitude : magnitude));
        return true;
    }
}
