namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>What a text said of a time; what it left out is the smallest value, and the year 2000 where only month or day are given (Joda: DateTimeParserBucket).</summary>
internal struct ParsedFields
{
    public bool HasYear;
    public int Year;
    public int Month;

    /// <summary>1 before noon, 2 after.</summary>
    public int HalfDay;

    /// <summary>Stated offset from UTC in milliseconds.</summary>
    public long? Offset;

    private int? day;
    private int? dayOfYear;
    private int? hour;
    private int? halfDayHour;
    private int minute;
    private int second;
    private int millisecond;

    public bool Set(char letter, int value)
    {
        switch (letter)
        {
            case 'M': Month = value == 0 ? -1 : value; break;
            case 'd': day = value; break;
            case 'D': dayOfYear = value; break;
            case 'H': hour = value; break;
            case 'k': hour = value == 24 ? 0 : value == 0 ? -1 : value; break;
            case 'K': halfDayHour = value; break;
            case 'h': halfDayHour = value == 12 ? 0 : value == 0 ? -1 : value; break;
            case 'm': minute = value; break;
            default: second = value; break;
        }

        return true;
    }

    public bool Fraction(int most, string text, ref int at)
    {
        int start = at;
        int weight = 100;
        while (at < text.Length && at - start < most && char.IsAsciiDigit(text[at]))
        {
            millisecond += (text[at++] - '0') * weight;
            weight /= 10;
        }

        return at > start;
    }

    /// <summary>Returns a problem, or null.</summary>
    public readonly string? ToLocalMillis(out long local)
    {
        local = 0;
        bool hasDate = Month != 0 || day is not null || dayOfYear is not null;
        long year = HasYear ? Year : hasDate ? 2000 : 1970;
        int month = Month == 0 ? 1 : Month;
        if (month is < 1 or > 12)
        {
            return "its month is not 1 to 12";
        }

        long epochDay;
        if (dayOfYear is { } ofYear)
        {
            if (ofYear < 1 || ofYear > (CivilTime.IsLeap(year) ? 366 : 365))
            {
                return "the year has no such day";
            }

            epochDay = CivilTime.ToEpochDay(year, 1, 1) + ofYear - 1;
        }
        else
        {
            if (day is { } d && (d < 1 || d > CivilTime.DaysInMonth(year, month)))
            {
                return "the month has no such day";
            }

            epochDay = CivilTime.ToEpochDay(year, month, day ?? 1);
        }

        int hours = hour ?? ((halfDayHour ?? 0) + (HalfDay == 2 ? 12 : 0));
        if (hours is < 0 or > 23 || halfDayHour is < 0 or > 11 || minute > 59 || second > 59)
        {
            return "the day has no such time";
        }

        local = (epochDay * CivilTime.MillisPerDay) + (((((hours * 60L) + minute) * 60) + second) * 1000) + millisecond;
        return null;
    }
}
