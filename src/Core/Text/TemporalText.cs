using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Text;

/// <summary>
/// ISO-8601 dates, times and timestamps as text, both ways. Read: <c>2024-01-02</c>, <c>03:04[:05[.fraction]]</c>, both joined by <c>T</c> or a space, with <c>Z</c>, an offset
/// (<c>+02:00</c>, <c>+0200</c>, <c>+02</c>) or without a zone, which is taken as UTC. Digits of a fraction beyond the column's unit are dropped, as Spark does.
/// </summary>
internal static class TemporalText
{
    private const long SecondsPerDay = 86_400;

    public static bool TryParseDate(ReadOnlySpan<byte> text, out long days) => TryReadDate(ref text, out days) && text.IsEmpty;

    /// <summary>Nanoseconds of the day.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out long nanos) => TryReadTime(ref text, out nanos) && text.IsEmpty;

    /// <summary>Seconds since 1970 and nanoseconds of that second; <paramref name="zoned"/>: an offset other than UTC was given.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> text, out long seconds, out int nanos, out bool zoned)
    {
        (seconds, nanos, zoned) = (0, 0, false);
        if (!TryReadDate(ref text, out var days))
        {
            return false;
        }

        long ofDay = 0;
        var offset = 0;
        if (!text.IsEmpty)
        {
            if (text[0] is not ((byte)'T' or (byte)' ' or (byte)'t'))
            {
                return false;
            }

            text = text[1..];
            if (!TryReadTime(ref text, out ofDay) || !TryReadOffset(text, out offset))
            {
                return false;
            }
        }

        zoned = offset != 0;
        seconds = (days * SecondsPerDay) + (ofDay / 1_000_000_000) - offset;
        nanos = (int)(ofDay % 1_000_000_000);
        return true;
    }

    public static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1,
        TimeUnit.Millisecond => 1000,
        TimeUnit.Microsecond => 1_000_000,
        _ => 1_000_000_000,
    };

    /// <summary>Writes <c>2024-01-02</c>; years outside 0 to 9999 with their sign.</summary>
    public static int FormatDate(long days, Span<byte> to)
    {
        var (year, month, day) = CivilDate.FromDays(days);
        var at = 0;
        if (year is < 0 or > 9999)
        {
            to[at++] = year < 0 ? (byte)'-' : (byte)'+';
        }

        var magnitude = Math.Abs(year);
        at += Digits(to[at..], magnitude, magnitude > 9999 ? (int)Math.Floor(Math.Log10(magnitude)) + 1 : 4);
        to[at++] = (byte)'-';
        at += Digits(to[at..], month, 2);
        to[at++] = (byte)'-';
        return at + Digits(to[at..], day, 2);
    }

    /// <summary>Writes <c>03:04:05.000006</c>: six digits of fraction, nine where the unit is nanoseconds.</summary>
    public static int FormatTime(long value, TimeUnit unit, Span<byte> to)
    {
        var perSecond = PerSecond(unit);
        var second = value / perSecond;
        var fraction = value % perSecond;
        var at = Digits(to, second / 3600, 2);
        to[at++] = (byte)':';
        at += Digits(to[at..], second / 60 % 60, 2);
        to[at++] = (byte)':';
        at += Digits(to[at..], second % 60, 2);
        to[at++] = (byte)'.';
        return unit == TimeUnit.Nanosecond ? at + Digits(to[at..], fraction, 9) : at + Digits(to[at..], fraction * (1_000_000 / perSecond), 6);
    }

    /// <summary>Writes <c>2024-01-02T03:04:05.000006Z</c>, without the <c>Z</c> where the timestamp is a local one.</summary>
    public static int FormatTimestamp(long value, TimeUnit unit, bool utc, Span<byte> to)
    {
        var perDay = PerSecond(unit) * SecondsPerDay;
        var (days, ofDay) = Math.DivRem(value, perDay);
        if (ofDay < 0)
        {
            (days, ofDay) = (days - 1, ofDay + perDay);
        }

        var at = FormatDate(days, to);
        to[at++] = (byte)'T';
        at += FormatTime(ofDay, unit, to[at..]);
        if (utc)
        {
            to[at++] = (byte)'Z';
        }

        return at;
    }

    private static int Digits(Span<byte> to, long value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        return count;
    }

    private static bool TryReadDate(ref ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        long sign = 1;
        var yearDigits = 4;
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            sign = text[0] == (byte)'-' ? -1 : 1;
            text = text[1..];
            while (yearDigits < 7 && yearDigits < text.Length && char.IsAsciiDigit((char)text[yearDigits]))
            {
                yearDigits++;
            }
        }

        if (!TryReadDigits(ref text, yearDigits, out var year) || !TryReadByte(ref text, (byte)'-') || !TryReadDigits(ref text, 2, out var month)
            || !TryReadByte(ref text, (byte)'-') || !TryReadDigits(ref text, 2, out var day) || month is < 1 or > 12 || day < 1 || day > CivilDate.DaysInMonth(sign * year, month))
        {
            return false;
        }

        days = CivilDate.ToDays(sign * year, month, day);
        return true;
    }

    private static bool TryReadTime(ref ReadOnlySpan<byte> text, out long nanos)
    {
        nanos = 0;
        if (!TryReadDigits(ref text, 2, out var hour) || !TryReadByte(ref text, (byte)':') || !TryReadDigits(ref text, 2, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        int second = 0;
        long fraction = 0;
        if (TryReadByte(ref text, (byte)':'))
        {
            if (!TryReadDigits(ref text, 2, out second) || second > 59)
            {
                return false;
            }

            if (TryReadByte(ref text, (byte)'.') || TryReadByte(ref text, (byte)','))
            {
                var count = 0;
                for (; count < text.Length && char.IsAsciiDigit((char)text[count]); count++)
                {
                    if (count < 9)
                    {
                        fraction = (fraction * 10) + (text[count] - '0');
                    }
                }

                if (count == 0)
                {
                    return false;
                }

                for (int i = count; i < 9; i++)
                {
                    fraction *= 10;
                }

                text = text[count..];
            }
        }

        nanos = ((((hour * 60L) + minute) * 60) + second) * 1_000_000_000 + fraction;
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var sign = text[0] == (byte)'-' ? -1 : 1;
        text = text[1..];
        var minutes = 0;
        if (!TryReadDigits(ref text, 2, out var hours) || (!text.IsEmpty && ((TryReadByte(ref text, (byte)':') && text.IsEmpty) || !TryReadDigits(ref text, 2, out minutes))) || hours > 18 || minutes > 59)
        {
            return false;
        }

        seconds = sign * ((hours * 3600) + (minutes * 60));
        return text.IsEmpty;
    }

    private static bool TryReadByte(ref ReadOnlySpan<byte> text, byte wanted)
    {
        if (text.IsEmpty || text[0] != wanted)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static bool TryReadDigits(ref ReadOnlySpan<byte> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
        {
            return false;
        }

        foreach (var c in text[..count])
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        text = text[count..];
        return true;
    }
}
