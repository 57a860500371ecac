namespace OllaLab.Lakehouse.Filtering;

/// <summary>C#'s dates and times as counts since 1970.</summary>
internal static class LiteralTime
{
    public static DateTime ToUtc(DateTime value) => value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc);

    /// <summary>Units of 100 ns since 1970-01-01, UTC.</summary>
    public static long Ticks(DateTime value) => ToUtc(value).Ticks - DateTime.UnixEpoch.Ticks;

    public static long Days(DateOnly value) => value.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}
