using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>Whole numbers. <c>1.0</c> and <c>1e3</c> are whole; <c>1.5</c> is refused.</summary>
internal sealed class IntegerColumn<T>(FixedWidthBuilder<T> builder, string typeName, bool nullable) : ScalarColumn(typeName, nullable, takesNumbers: true, takesStrings: false)
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            builder.Append(value);
            return ParseOutcome.Done;
        }

        var outcome = DecimalText.TryParse(text, 38, 0, out var wide);
        if (outcome != ParseOutcome.Done)
        {
            return outcome == ParseOutcome.TooManyDecimals ? ParseOutcome.WrongType : outcome;
        }

        if (wide < Int128.CreateTruncating(T.MinValue) || wide > Int128.CreateTruncating(T.MaxValue))
        {
            return ParseOutcome.OutOfRange;
        }

        builder.Append(T.CreateTruncating(wide));
        return ParseOutcome.Done;
    }
}

/// <summary>Floats; <c>NaN</c> and the infinities come as strings, since JSON has no such numbers.</summary>
internal sealed class FloatColumn<T>(FixedWidthBuilder<T> builder, string typeName, bool nullable) : ScalarColumn(typeName, nullable, takesNumbers: true, takesStrings: true)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        T value;
        if (typeof(T) == typeof(double))
        {
            // Utf8Parser rounds correctly and is the fastest there is; it also takes words, which must be told apart.
            if (!Utf8Parser.TryParse(text, out double parsed, out var used) || used != text.Length)
            {
                return AppendString(text);
            }

            value = T.CreateTruncating(parsed);
        }
        else if (!T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value))
        {
            return AppendString(text);
        }

        if (!T.IsFinite(value))
        {
            return text.ContainsAnyInRange((byte)'0', (byte)'9') ? ParseOutcome.OutOfRange : AppendString(text);
        }

        builder.Append(value);
        return ParseOutcome.Done;
    }

    protected override ParseOutcome AppendString(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("NaN"u8))
        {
            builder.Append(T.NaN);
        }
        else if (text.SequenceEqual("Infinity"u8) || text.SequenceEqual("+Infinity"u8) || text.SequenceEqual("INF"u8) || text.SequenceEqual("+INF"u8))
        {
            builder.Append(T.PositiveInfinity);
        }
        else if (text.SequenceEqual("-Infinity"u8) || text.SequenceEqual("-INF"u8))
        {
            builder.Append(T.NegativeInfinity);
        }
        else
        {
            return ParseOutcome.WrongType;
        }

        return ParseOutcome.Done;
    }
}

/// <summary>Decimals, exact, from a number or a string.</summary>
internal sealed class DecimalColumn(FixedBytesBuilder builder, int precision, int scale, string typeName, bool nullable) : ScalarColumn(typeName, nullable, takesNumbers: true, takesStrings: true)
{
    public override ColumnBuilder Builder => builder;

    protected override ParseOutcome Append(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[32];
        ParseOutcome outcome;
        if (builder.ByteWidth == 16)
        {
            outcome = DecimalText.TryParse(text, precision, scale, out var value);
            System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        }
        else
        {
            outcome = DecimalText.TryParseWide(text, precision, scale, out var value);
            bytes.Fill(value.Sign < 0 ? (byte)0xFF : (byte)0);
            value.TryWriteBytes(bytes, out _);
        }

        if (outcome == ParseOutcome.Done)
        {
            builder.Append(bytes[..builder.ByteWidth]);
        }

        return outcome;
    }
}
