using System.Globalization;
using System.Text;

namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>Prints a time by a Joda pattern, with English names.</summary>
internal static class JodaFormatter
{
    public static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static string Format(PatternToken[] pattern, long utcMillis, JavaTimeZone zone)
    {
        long offset = zone.OffsetAt(utcMillis);

        // Days and milliseconds are taken apart first: the sum would overflow at the ends of a long.
        long day = CivilTime.FloorDiv(utcMillis, CivilTime.MillisPerDay);
        long ofDay = CivilTime.FloorMod(utcMillis, CivilTime.MillisPerDay) + offset;
        day += CivilTime.FloorDiv(ofDay, CivilTime.MillisPerDay);
        ofDay = CivilTime.FloorMod(ofDay, CivilTime.MillisPerDay);
        var (year, month, dayOfMonth) = CivilTime.FromEpochDay(day);
        int hour = (int)(ofDay / 3_600_000);
        long yearOfEra = year > 0 ? year : 1 - year;

        var text = new StringBuilder(24);
        foreach (var token in pattern)
        {
            int n = token.Count;
            switch (token.Letter)
            {
                case '\0': text.Append(token.Literal); break;
                case 'y' when n == 2: Digits(text, Math.Abs(year) % 100, 2); break;
                case 'y': Digits(text, year, n); break;
                case 'Y' when n == 2: Digits(text, yearOfEra % 100, 2); break;
                case 'Y': Digits(text, yearOfEra, n); break;
                case 'x' when n == 2: Digits(text, Math.Abs(CivilTime.IsoWeek(day).WeekYear) % 100, 2); break;
                case 'x': Digits(text, CivilTime.IsoWeek(day).WeekYear, n); break;
                case 'C': Digits(text, yearOfEra / 100, n); break;
                case 'G': text.Append(year > 0 ? "AD" : "BC"); break;
                case 'M' when n >= 3: text.Append(n >= 4 ? Months[month - 1] : Months[month - 1][..3]); break;
                case 'M': Digits(text, month, n); break;
                case 'd': Digits(text, dayOfMonth, n); break;
                case 'D': Digits(text, day - CivilTime.ToEpochDay(year, 1, 1) + 1, n); break;
                case 'w': Digits(text, CivilTime.IsoWeek(day).Week, n); break;
                case 'e': Digits(text, CivilTime.DayOfWeek(day), n); break;
                case 'E': text.Append(n >= 4 ? Days[CivilTime.DayOfWeek(day) - 1] : Days[CivilTime.DayOfWeek(day) - 1][..3]); break;
                case 'a': text.Append(hour < 12 ? "AM" : "PM"); break;
                case 'H': Digits(text, hour, n); break;
                case 'k': Digits(text, hour == 0 ? 24 : hour, n); break;
                case 'K': Digits(text, hour % 12, n); break;
                case 'h': Digits(text, hour % 12 == 0 ? 12 : hour % 12, n); break;
                case 'm': Digits(text, ofDay / 60_000 % 60, n); break;
                case 's': Digits(text, ofDay / 1000 % 60, n); break;
                case 'S': text.Append((ofDay % 1000).ToString("D3", CultureInfo.InvariantCulture).PadRight(n, '0').AsSpan(0, n)); break;
                default: Offset(text, offset, n == 2); break;
            }
        }

        return text.ToString();
    }

    private static void Digits(StringBuilder text, long value, int count) => text.Append(value.ToString("D" + count.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private static void Offset(StringBuilder text, long offset, bool colon)
    {
        long minutes = Math.Abs(offset) / 60_000;
        text.Append(offset < 0 ? '-' : '+');
        Digits(text, minutes / 60, 2);
        if (colon)
        {
            text.Append(':');
        }

        Digits(text, minutes % 60, 2);
    }
}
