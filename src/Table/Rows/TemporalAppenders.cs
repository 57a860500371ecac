using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Rows;

/// <summary>How C#'s dates and times go into columns. Digits beyond the column's unit are dropped, as Spark does.</summary>
internal static class TemporalAppenders
{
    public static Delegate? Create(Type type, ColumnBuilder builder)
    {
        switch (builder)
        {
            case FixedWidthBuilder<int> { Type: Date32Type } date when type == typeof(DateOnly):
                return (DateOnly v) => Add(date, (int)LiteralTime.Days(v));
            case FixedWidthBuilder<int> { Type: Date32Type } date when type == typeof(DateTime):
                // What many database drivers give for a DATE; a time of day would be lost.
                return (DateTime v) => v.TimeOfDay == TimeSpan.Zero && Add(date, (int)LiteralTime.Days(DateOnly.FromDateTime(v)));
            case FixedWidthBuilder<int> { Type: Time32Type t } time when type == typeof(TimeOnly):
                return (TimeOnly v) => Add(time, (int)Units(v.Ticks, t.Unit));
            case FixedWidthBuilder<int> { Type: Time32Type t } time when type == typeof(TimeSpan):
                return (TimeSpan v) => IsTimeOfDay(v) && Add(time, (int)Units(v.Ticks, t.Unit));
            case FixedWidthBuilder<long> { Type: Time64Type t } time when type == typeof(TimeOnly):
                return (TimeOnly v) => Add(time, Units(v.Ticks, t.Unit));
            case FixedWidthBuilder<long> { Type: Time64Type t } time when type == typeof(TimeSpan):
                return (TimeSpan v) => IsTimeOfDay(v) && Add(time, Units(v.Ticks, t.Unit));
            case FixedWidthBuilder<long> { Type: TimestampType { Timezone: not null } t } instant when type == typeof(DateTimeOffset):
                return (DateTimeOffset v) => AddTicks(instant, v.UtcTicks - DateTime.UnixEpoch.Ticks, t.Unit);
            case FixedWidthBuilder<long> { Type: TimestampType { Timezone: not null } t } instant when type == typeof(DateTime):
                return (DateTime v) => AddTicks(instant, LiteralTime.Ticks(v), t.Unit);
            case FixedWidthBuilder<long> { Type: TimestampType { Timezone: null } t } local when type == typeof(DateTime):
                return (DateTime v) => AddTicks(local, v.Ticks - DateTime.UnixEpoch.Ticks, t.Unit);
            default:
                return null;
        }
    }

    private static bool Add<T>(FixedWidthBuilder<T> builder, T value)
        where T : unmanaged
    {
        builder.Append(value);
        return true;
    }

    private static bool AddTicks(FixedWidthBuilder<long> builder, long ticks, TimeUnit unit)
    {
        if (unit == TimeUnit.Nanosecond && Math.Abs(ticks) > long.MaxValue / 100)
        {
            return false;
        }

        builder.Append(Units(ticks, unit));
        return true;
    }

    /// <summary>Ticks of 100 ns in a unit, rounded down also before 1970.</summary>
    private static long Units(long ticks, TimeUnit unit)
    {
        if (unit == TimeUnit.Nanosecond)
        {
            return ticks * 100;
        }

        var (units, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond / TemporalText.PerSecond(unit));
        return rest < 0 ? units - 1 : units;
    }

    private static bool IsTimeOfDay(TimeSpan v) => v >= TimeSpan.Zero && v.Ticks < TimeSpan.TicksPerDay;
}
