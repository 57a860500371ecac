using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>The Arrow types of times and timestamps in tables. Instants are in UTC; local timestamps have no time zone.</summary>
internal static class TimeTypes
{
    public const string Utc = "UTC";
    public static readonly Time32Type Millis = new(TimeUnit.Millisecond);
    public static readonly Time64Type Micros = new(TimeUnit.Microsecond);
    public static readonly TimestampType TimestampMillis = new(TimeUnit.Millisecond, Utc);
    public static readonly TimestampType TimestampMicros = new(TimeUnit.Microsecond, Utc);
    public static readonly TimestampType LocalTimestampMillis = new(TimeUnit.Millisecond, (string?)null);
    public static readonly TimestampType LocalTimestampMicros = new(TimeUnit.Microsecond, (string?)null);
}
