namespace OllaLab.Lakehouse.Indexing.Timebased;

/// <summary>Dates of the proleptic Gregorian calendar in any year, as Joda's ISO chronology has them; DateTime ends at 9999.</summary>
internal static class CivilTime
{
    public const long MillisPerDay = 86_400_000;

    public static (long Year, int Month, int Day) FromEpochDay(long epochDay)
    {
        long shifted = epochDay + 719_468;
        long era = FloorDiv(shifted, 146_097);
        int dayOfEra = (int)(shifted - (era * 146_097));
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        int day = dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, day);
    }

    public static long ToEpochDay(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        long era = FloorDiv(year, 400);
        long yearOfEra = year - (era * 400);
        long dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysInMonth(long year, int month) => month == 2 ? (IsLeap(year) ? 29 : 28) : month is 4 or 6 or 9 or 11 ? 30 : 31;

    /// <summary>1 is Monday.</summary>
    public static int DayOfWeek(long epochDay) => (int)FloorMod(epochDay + 3, 7) + 1;

    /// <summary>ISO week and the year that it belongs to.</summary>
    public static (long WeekYear, int Week) IsoWeek(long epochDay)
    {
        // The week belongs to the year of its Thursday.
        long thursday = epochDay + 4 - DayOfWeek(epochDay);
        long year = FromEpochDay(thursday).Year;
        return (year, (int)((thursday - ToEpochDay(year, 1, 1)) / 7) + 1);
    }

    public static long FloorDiv(long value, long divisor)
    {
        long quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }

    public static long FloorMod(long value, long divisor)
    {
        long remainder = value % divisor;
        return remainder < 0 ? remainder + divisor : remainder;
    }
}
