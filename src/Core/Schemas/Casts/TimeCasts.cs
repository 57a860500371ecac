using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Dates, times and timestamps: other units where nothing is lost, other time zones of the same instant.</summary>
internal static class TimeCasts
{
    public static ArrayCast? Create(IArrowType from, IArrowType to, string column, CastRules rules) => (from, to) switch
    {
        (Date64Type, Date32Type) => data => ValueMap.Fixed<long, int>(data, to, column, rules, Days),
        (Time32Type f, Time32Type t) => data => ValueMap.Fixed<int, int>(data, to, column, rules, Scaled32(f.Unit, t.Unit)),
        (Time64Type f, Time64Type t) => data => ValueMap.Fixed<long, long>(data, to, column, rules, Scaled(f.Unit, t.Unit)),
        (Time32Type f, Time64Type t) => data => ValueMap.Fixed<int, long>(data, to, column, rules, (int value, out long result) => Scaled(f.Unit, t.Unit)(value, out result)),
        (TimestampType f, TimestampType t) => Timestamps(f, t, column, rules),

        // Writers before Hudi 1.2 left out Parquet's annotation of some logical types (local timestamps among them): the table's schema says what the plain number means.
        (Int32Type, Date32Type or Time32Type) or (Int64Type, TimestampType or Time64Type) when !rules.IsInput => data => Cast.Relabel(data, to),
        _ => null,
    };

    private static ArrayCast Timestamps(TimestampType from, TimestampType to, string column, CastRules rules)
    {
        if (rules.IsInput && from.Timezone is null != to.Timezone is null)
        {
            throw rules.Mismatch(column, from, to, from.Timezone is null
                ? "Give the column the time zone in which its values are (or UTC)"
                : "Convert the column to local times without a time zone");
        }

        if (!rules.IsInput && from.Unit == TimeUnit.Microsecond && to.Unit == TimeUnit.Millisecond)
        {
            throw rules.Mismatch(column, from, to);
        }

        return from.Unit == to.Unit ? data => Cast.Relabel(data, to) : data => ValueMap.Fixed<long, long>(data, to, column, rules, Scaled(from.Unit, to.Unit));
    }

    private static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1,
        TimeUnit.Millisecond => 1_000,
        TimeUnit.Microsecond => 1_000_000,
        _ => 1_000_000_000,
    };

    private static ValueMap.Try<long, long> Scaled(TimeUnit from, TimeUnit to)
    {
        long up = Math.Max(1, PerSecond(to) / PerSecond(from));
        long down = Math.Max(1, PerSecond(from) / PerSecond(to));
        return (long value, out long result) =>
        {
            var scaled = (Int128)value * up;
            result = (long)(scaled / down);
            return result * (Int128)down == scaled;
        };
    }

    private static ValueMap.Try<int, int> Scaled32(TimeUnit from, TimeUnit to)
    {
        var wide = Scaled(from, to);
        return (int value, out int result) =>
        {
            bool fits = wide(value, out long scaled);
            result = (int)scaled;
            return fits && result == scaled;
        };
    }

    private static bool Days(long milliseconds, out int days)
    {
        const long Day = 86_400_000;
        days = (int)(milliseconds / Day);
        return days * Day == milliseconds;
    }
}
