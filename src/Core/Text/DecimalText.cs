using System.Globalization;
using System.Numerics;
using System.Text;

namespace OllaLab.Lakehouse.Text;

/// <summary>Decimals as text, exact both ways. In Arrow a decimal is its unscaled value: 12.34 of scale 2 is 1234.</summary>
internal static class DecimalText
{
    /// <summary>10^38 is the first power of ten that no Decimal128 reaches.</summary>
    private const int Int128Digits = 38;

    private static readonly Int128[] PowersOfTen = MakePowers();

    public static Int128 PowerOfTen(int exponent) => PowersOfTen[exponent];

    /// <summary>The unscaled value of a number with at most 38 digits of precision. Accepts sign, point and exponent, as JSON does.</summary>
    public static ParseOutcome TryParse(ReadOnlySpan<byte> text, int precision, int scale, out Int128 unscaled)
    {
        unscaled = 0;
        if (!TrySplit(text, out var negative, out var whole, out var fraction, out var exponent))
        {
            return ParseOutcome.WrongType;
        }

        if (whole.Length + fraction.Length > Int128Digits)
        {
            var wide = TryParseWide(text, precision, scale, out var big);
            unscaled = wide == ParseOutcome.Done ? (Int128)big : 0;
            return wide;
        }

        var value = Accumulate(Accumulate(0, whole), fraction);
        var shift = (long)scale - fraction.Length + exponent;
        if (value != 0 && shift > 0)
        {
            if (shift > Int128Digits || value >= PowersOfTen[Int128Digits - (int)shift])
            {
                return ParseOutcome.OutOfRange;
            }

            value *= PowersOfTen[(int)shift];
        }
        else if (value != 0 && shift < 0)
        {
            var divisor = shift < -Int128Digits ? Int128.MaxValue : PowersOfTen[(int)-shift];
            (value, var rest) = Int128.DivRem(value, divisor);
            if (rest != 0)
            {
                return ParseOutcome.TooManyDecimals;
            }
        }

        if (value >= PowersOfTen[Math.Min(precision, Int128Digits)])
        {
            return ParseOutcome.OutOfRange;
        }

        unscaled = negative ? -value : value;
        return ParseOutcome.Done;
    }

    /// <summary>The same for any precision, slower.</summary>
    public static ParseOutcome TryParseWide(ReadOnlySpan<byte> text, int precision, int scale, out BigInteger unscaled)
    {
        unscaled = BigInteger.Zero;
        if (!TrySplit(text, out var negative, out var whole, out var fraction, out var exponent))
        {
            return ParseOutcome.WrongType;
        }

        // BigInteger takes its time over long texts and large powers: what cannot fit is refused before.
        fraction = fraction.TrimEnd((byte)'0');
        whole = whole.TrimStart((byte)'0');
        if (whole.IsEmpty && fraction.IsEmpty)
        {
            return ParseOutcome.Done;
        }

        var shift = (long)scale - fraction.Length + exponent;
        if (whole.Length + exponent > precision - scale + fraction.Length + 1L)
        {
            return ParseOutcome.OutOfRange;
        }

        if (whole.Length + fraction.Length > 400 || Math.Abs(shift) > 1000)
        {
            return shift < 0 ? ParseOutcome.TooManyDecimals : ParseOutcome.OutOfRange;
        }

        var value = BigInteger.Parse(Encoding.ASCII.GetString(whole) + Encoding.ASCII.GetString(fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        if (shift >= 0)
        {
            value *= BigInteger.Pow(10, (int)shift);
        }
        else
        {
            value = BigInteger.DivRem(value, BigInteger.Pow(10, (int)-shift), out var rest);
            if (!rest.IsZero)
            {
                return ParseOutcome.TooManyDecimals;
            }
        }

        if (value >= BigInteger.Pow(10, precision))
        {
            return ParseOutcome.OutOfRange;
        }

        unscaled = negative ? -value : value;
        return ParseOutcome.Done;
    }

    /// <summary>Writes a value with exactly <paramref name="scale"/> digits after the point. <paramref name="to"/>: at least 44 + scale bytes.</summary>
    public static int Format(Int128 unscaled, int scale, Span<byte> to)
    {
        Span<byte> digits = stackalloc byte[48];
        UInt128 magnitude = unscaled < 0 ? (UInt128)(-(unscaled + 1)) + 1 : (UInt128)unscaled;
        int count;
        if (magnitude <= ulong.MaxValue)
        {
            ((ulong)magnitude).TryFormat(digits, out count, default, CultureInfo.InvariantCulture);
        }
        else
        {
            magnitude.TryFormat(digits, out count, default, CultureInfo.InvariantCulture);
        }

        return Place(digits[..count], unscaled < 0, scale, to);
    }

    public static byte[] Format(BigInteger unscaled, int scale)
    {
        var digits = Encoding.ASCII.GetBytes(BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture));
        var to = new byte[digits.Length + Math.Max(0, scale) + 4];
        return to[..Place(digits, unscaled.Sign < 0, scale, to)];
    }

    private static int Place(ReadOnlySpan<byte> digits, bool negative, int scale, Span<byte> to)
    {
        var at = 0;
        if (negative)
        {
            to[at++] = (byte)'-';
        }

        if (scale <= 0)
        {
            digits.CopyTo(to[at..]);
            at += digits.Length;
            if (!digits.SequenceEqual("0"u8))
            {
                to.Slice(at, -scale).Fill((byte)'0');
                at -= scale;
            }

            return at;
        }

        var whole = Math.Max(0, digits.Length - scale);
        if (whole == 0)
        {
            to[at++] = (byte)'0';
        }

        digits[..whole].CopyTo(to[at..]);
        at += whole;
        to[at++] = (byte)'.';
        var zeros = Math.Max(0, scale - digits.Length);
        to.Slice(at, zeros).Fill((byte)'0');
        at += zeros;
        digits[whole..].CopyTo(to[at..]);
        return at + digits.Length - whole;
    }

    private static Int128 Accumulate(Int128 value, ReadOnlySpan<byte> digits)
    {
        // 18 digits at a time: 128-bit multiplication is the slow part.
        while (!digits.IsEmpty)
        {
            var take = Math.Min(18, digits.Length);
            ulong part = 0;
            foreach (var d in digits[..take])
            {
                part = (part * 10) + (uint)(d - '0');
            }

            value = value == 0 ? part : (value * PowersOfTen[take]) + part;
            digits = digits[take..];
        }

        return value;
    }

    private static bool TrySplit(ReadOnlySpan<byte> text, out bool negative, out ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> fraction, out int exponent)
    {
        (negative, exponent) = (false, 0);
        whole = fraction = default;
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == (byte)'-';
            text = text[1..];
        }

        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            // An exponent that int does not hold is as good as the largest that it does.
            var power = text[(e + 1)..];
            if (power.IsEmpty || power[(power[0] is (byte)'-' or (byte)'+' ? 1 : 0)..] is not { IsEmpty: false } powerDigits || powerDigits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            if (!int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs((long)exponent) > 1_000_000)
            {
                exponent = power[0] == (byte)'-' ? -1_000_000 : 1_000_000;
            }

            text = text[..e];
        }

        var point = text.IndexOf((byte)'.');
        whole = point < 0 ? text : text[..point];
        fraction = point < 0 ? default : text[(point + 1)..];
        return (whole.Length > 0 || fraction.Length > 0) && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[Int128Digits + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
