using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Dates, times and timestamps as C# has them. What is finer than 100 ns is dropped.</summary>
internal static class TemporalAccessors
{
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static object? Create(Type target, IArrowType type, string where)
    {
        switch (type)
        {
            case Date32Type when target == typeof(DateOnly):
                return new FunctionAccessor<Date32Array, DateOnly>(where, (a, i) => DateOnly.FromDayNumber(checked(EpochDay + a.Values[i])));
            case Date32Type when target == typeof(DateTime):
                return new FunctionAccessor<Date32Array, DateTime>(where, (a, i) => DateTime.UnixEpoch.AddDays(a.Values[i]));
            case Time32Type t when target == typeof(TimeOnly):
                return new FunctionAccessor<Time32Array, TimeOnly>(where, (a, i) => new TimeOnly(Ticks(a.Values[i], t.Unit)));
            case Time32Type t when target == typeof(TimeSpan):
                return new FunctionAccessor<Time32Array, TimeSpan>(where, (a, i) => new TimeSpan(Ticks(a.Values[i], t.Unit)));
            case Time64Type t when target == typeof(TimeOnly):
                return new FunctionAccessor<Time64Array, TimeOnly>(where, (a, i) => new TimeOnly(Ticks(a.Values[i], t.Unit)));
            case Time64Type t when target == typeof(TimeSpan):
                return new FunctionAccessor<Time64Array, TimeSpan>(where, (a, i) => new TimeSpan(Ticks(a.Values[i], t.Unit)));
            case TimestampType t when target == typeof(DateTime):
                var kind = t.Timezone is null ? DateTimeKind.Unspecified : DateTimeKind.Utc;
                return new FunctionAccessor<TimestampArray, DateTime>(where, (a, i) => new DateTime(checked(DateTime.UnixEpoch.Ticks + Ticks(a.Values[i], t.Unit)), kind));
            case TimestampType { Timezone: not null } t when target == typeof(DateTimeOffset):
                return new FunctionAccessor<TimestampArray, DateTimeOffset>(where, (a, i) => new DateTimeOffset(checked(DateTime.UnixEpoch.Ticks + Ticks(a.Values[i], t.Unit)), TimeSpan.Zero));
            default:
                return null;
        }
    }

    private static long Ticks(long value, TimeUnit unit)
    {
        if (unit == TimeUnit.Nanosecond)
        {
            return value >= 0 || value % 100 == 0 ? value / 100 : (value / 100) - 1;
        }

        return checked(value * (TimeSpan.TicksPerSecond / TemporalText.PerSecond(unit)));
    }
}
