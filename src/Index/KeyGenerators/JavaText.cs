using System.Globalization;
using OllaLab.Lakehouse.Indexing.Timebased;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Java's toString of numbers and dates.</summary>
internal static class JavaText
{
    /// <summary>Double.toString: plain from 1e-3 up to 1e7, else with an exponent. The digits are the shortest that name the value, as Java prints them since 19 and, but for rare values, before.</summary>
    public static string Of(double value) => Shape(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Float.toString.</summary>
    public static string Of(float value) => Shape(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>LocalDate.toString.</summary>
    public static string OfDate(int epochDay)
    {
        var (year, month, day) = CivilTime.FromEpochDay(epochDay);
        string digits = Math.Abs(year).ToString("D4", CultureInfo.InvariantCulture);
        string sign = year < 0 ? "-" : year > 9999 ? "+" : string.Empty;
        return $"{sign}{digits}-{month:D2}-{day:D2}";
    }

    /// <summary>java.sql.Timestamp.toString in UTC: at least one digit of fraction. Hudi uses the zone of its JVM, which a table does not record.</summary>
    public static string OfTimestamp(long milliseconds)
    {
        var (year, month, day) = CivilTime.FromEpochDay(CivilTime.FloorDiv(milliseconds, CivilTime.MillisPerDay));
        long ofDay = CivilTime.FloorMod(milliseconds, CivilTime.MillisPerDay);
        string fraction = (ofDay % 1000).ToString("D3", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{year:D4}-{month:D2}-{day:D2} {ofDay / 3_600_000:D2}:{ofDay / 60_000 % 60:D2}:{ofDay / 1000 % 60:D2}.{(fraction.Length == 0 ? "0" : fraction)}";
    }

    /// <summary>BigDecimal.toString with the declared scale: a value below 1e-6 of a scale above 6 gets an exponent.</summary>
    public static string OfDecimal(string plain, int scale)
    {
        bool negative = plain.StartsWith('-');
        string unsigned = negative ? plain[1..] : plain;
        int point = unsigned.IndexOf('.');
        string whole = point < 0 ? unsigned : unsigned[..point];
        string fraction = (point < 0 ? string.Empty : unsigned[(point + 1)..]).PadRight(scale, '0');
        string digits = (whole + fraction).TrimStart('0');
        digits = digits.Length == 0 ? "0" : digits;
        int exponent = digits.Length - 1 - scale;
        string text = exponent >= -6 ? Plain(digits, scale) : $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : string.Empty)}E{exponent}";
        return negative ? "-" + text : text;
    }

    private static string Plain(string digits, int scale)
    {
        if (scale == 0)
        {
            return digits;
        }

        digits = digits.PadLeft(scale + 1, '0');
        return digits[..^scale] + "." + digits[^scale..];
    }

    private static string Shape(double value, string shortest)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        string sign = double.IsNegative(value) ? "-" : string.Empty;
        if (value == 0)
        {
            return sign + "0.0";
        }

        var (digits, exponent) = Split(shortest);
        double magnitude = Math.Abs(value);
        if (magnitude is >= 1e-3 and < 1e7)
        {
            string plain = exponent < 0 ? "0." + new string('0', -exponent - 1) + digits
                : digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') + ".0"
                : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
            return sign + plain;
        }

        return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}";
    }

    // The significant digits of .NET's shortest text and the decimal exponent of the first.
    private static (string Digits, int Exponent) Split(string shortest)
    {
        string text = shortest.TrimStart('-');
        int e = text.IndexOf('E');
        int exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.');
        string all = point < 0 ? mantissa : mantissa.Remove(point, 1);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        int leading = 0;
        while (leading < all.Length - 1 && all[leading] == '0')
        {
            leading++;
        }

        string digits = all[leading..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent - leading);
    }
}
