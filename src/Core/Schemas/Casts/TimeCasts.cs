using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Dates, times and timestamps: other units where nothing is lost, other time zones of the same instant.</summary>
internal static class TimeCasts
{
    private static readonly string[] s_dateForms = ["yyyy-M-d", "yyyy-M", "yyyy"];

    public static ArrayCast? Create(IArrowType from, IArrowType to, string column, CastRules rules) => (from, to) switch
    {
        (Date64Type, Date32Type) => data => ValueMap.Fixed<long, int>(data, to, column, rules, Days),
        (Time32Type f, Time32Type t) => data => ValueMap.Fixed<int, int>(data, to, column, rules, Scaled32(f.Unit, t.Unit)),
        (Time64Type f, Time64Type t) => data => ValueMap.Fixed<long, long>(data, to, column, rules, Scaled(f.Unit, t.Unit)),
        (Time32Type f, Time64Type t) => data => ValueMap.Fixed<int, long>(data, to, column, rules, (int value, out long result) => Scaled(f.Unit, t.Unit)(value, out result)),
        (TimestampType f, TimestampType t) => Timestamps(f, t, column, rules),
        (StringType, Date32Type) when !rules.IsInput => data => Dates(data, to),

        // Writers before Hudi 1.2 left out Parquet's annotation of some logical types (local timestamps among them): the table's schema says what the plain number means.
        (Int32Type, Date32Type or Time32Type) or (Int64Type, TimestampType or Time64Type) when !rules.IsInput => data => Cast.Relabel(data, to),
        _ => null,
    };

    /// <summary>Texts whose column became a date (schema-on-read evolution), as Spark casts them when it reads the older file: what is no date is null.</summary>
    private static ArrayData Dates(ArrayData data, IArrowType to)
    {
        var days = new Date32Array.Builder();
        for (int row = 0; row < data.Length; row++)
        {
            var text = ArrayValue.IsNull(data, row) ? string.Empty : Encoding.UTF8.GetString(ArrayValue.Bytes(data, row)).Trim();
            int end = text.IndexOfAny(['T', ' ']);
            if (DateOnly.TryParseExact(end < 0 ? text : text[..end], s_dateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                days.Append(date);
            }
            else
            {
                days.AppendNull();
            }
        }

        return days.Build().Data;
    }

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
