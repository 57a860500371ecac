using System.Globalization;
using System.Numerics;
using System.Text;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A number exactly: <see cref="Unscaled"/> / 10^<see cref="Scale"/>.</summary>
internal readonly record struct ExactNumber(BigInteger Unscaled, int Scale)
{
    public static ExactNumber Of(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var unscaled = ((BigInteger)(uint)parts[2] << 64) | ((BigInteger)(uint)parts[1] << 32) | (uint)parts[0];
        return new(value < 0 ? -unscaled : unscaled, (parts[3] >> 16) & 0xFF);
    }

    /// <summary>The value that a finite double has exactly.</summary>
    public static ExactNumber Exactly(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = exponent == 0 ? bits & 0xFFFFFFFFFFFFFL : (bits & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
        var power = Math.Max(exponent, 1) - 1075;
        BigInteger signed = value < 0 ? -mantissa : mantissa;

        // 2^-n = 5^n / 10^n
        return power >= 0 ? new(signed << power, 0) : new(signed * BigInteger.Pow(5, -power), -power);
    }

    /// <summary>The decimal that a double is written as (0.1, not 0.1000000000000000055).</summary>
    public static ExactNumber AsWritten(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var scale = Math.Max(0, 18 - exponent);
        DecimalText.TryParseWide(Encoding.ASCII.GetBytes(shortest), 400 + scale, scale, out var unscaled);
        return new(unscaled, scale);
    }

    /// <summary>The greatest multiple of 10^-<paramref name="scale"/> that is not above this number, as its unscaled value.</summary>
    public BigInteger Floor(int scale, out bool exact)
    {
        if (scale >= Scale)
        {
            exact = true;
            return Unscaled * BigInteger.Pow(10, scale - Scale);
        }

        var quotient = BigInteger.DivRem(Unscaled, BigInteger.Pow(10, Scale - scale), out var rest);
        exact = rest.IsZero;
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
