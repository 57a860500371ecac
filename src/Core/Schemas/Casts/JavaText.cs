using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Numbers and dates as Java's toString writes them. Digits are the shortest that read back as the same number, as Java writes them since 19.</summary>
internal static class JavaText
{
    public static string Of(float value) => Of(value, value.ToString("R", CultureInfo.InvariantCulture));

    public static string Of(double value) => Of(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>java.math.BigDecimal.toString: plain, unless more than six zeros follow the point.</summary>
    public static string Of(Int128 unscaled, int scale)
    {
        var digits = Int128.IsNegative(unscaled) ? unscaled.ToString(CultureInfo.InvariantCulture)[1..] : unscaled.ToString(CultureInfo.InvariantCulture);
        var sign = Int128.IsNegative(unscaled) ? "-" : string.Empty;
        int exponent = digits.Length - 1 - scale;
        if (scale == 0)
        {
            return sign + digits;
        }

        if (exponent < -6)
        {
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : string.Empty)}{digits[1..]}E{exponent}";
        }

        digits = digits.PadLeft(scale + 1, '0');
        return $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }

    public static string Date(int days)
    {
        const int FirstDay = -719162;
        const int LastDay = 2932896;
        return days is >= FirstDay and <= LastDay
            ? DateOnly.FromDayNumber(days - FirstDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The date of day {days} since 1970 is not in the years 1 to 9999, so that it has no text");
    }

    /// <summary>Double.toString: at least one digit on both sides of the point, and an exponent below 10^-3 and from 10^7 on.</summary>
    private static string Of(double value, string shortest)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        var sign = double.IsNegative(value) ? "-" : string.Empty;
        if (value == 0)
        {
            return $"{sign}0.0";
        }

        var mantissa = shortest.TrimStart('-').Split('E')[0].Replace(".", string.Empty, StringComparison.Ordinal).TrimStart('0');
        var digits = mantissa.TrimEnd('0') is { Length: > 0 } d ? d : "0";
        int exponent = Exponent(shortest.TrimStart('-'));
        if (exponent is >= -3 and < 7)
        {
            var text = new StringBuilder(sign);
            var whole = exponent < 0 ? "0" : digits.PadRight(exponent + 1, '0')[..(exponent + 1)];
            var rest = exponent < 0 ? new string('0', -exponent - 1) + digits : digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0";
            return text.Append(whole).Append('.').Append(rest).ToString();
        }

        return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}";
    }

    /// <summary>The power of ten of the first digit that is not zero.</summary>
    private static int Exponent(string shortest)
    {
        var parts = shortest.Split('E');
        int shift = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        int point = parts[0].IndexOf('.') is var at and >= 0 ? at : parts[0].Length;
        int first = parts[0].AsSpan().IndexOfAnyExcept('0', '.');
        return shift + (first < point ? point - 1 - first : point - first);
    }
}
