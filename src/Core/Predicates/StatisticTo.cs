using System.Numerics;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Statistics in the column's type, by the same promotion that its values undergo when an older file is read; null where there is none, and nothing is pruned.</summary>
internal static class StatisticTo
{
    public static T? Whole<T>(StatisticValue v)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        v.Kind == StatisticValue.Kinds.Whole && v.Number >= Int128.CreateChecked(T.MinValue) && v.Number <= Int128.CreateChecked(T.MaxValue) ? T.CreateChecked(v.Number) : null;

    public static double? Double(StatisticValue v) => v.Kind switch
    {
        StatisticValue.Kinds.Real => v.Real,
        StatisticValue.Kinds.Whole => (double)v.Number,
        _ => null,
    };

    public static float? Single(StatisticValue v) => v.Kind switch
    {
        StatisticValue.Kinds.Real => (float)v.Real,
        StatisticValue.Kinds.Whole => (float)v.Number,
        _ => null,
    };

    public static Int128? Decimal(StatisticValue v, int scale)
    {
        if (v.Kind is not (StatisticValue.Kinds.Decimal or StatisticValue.Kinds.Whole) || scale < v.Scale || scale - v.Scale > 38)
        {
            return null;
        }

        var power = DecimalText.PowerOfTen(scale - v.Scale);
        return Int128.Abs(v.Number) <= Int128.MaxValue / power ? v.Number * power : null;
    }

    public static int? Days(StatisticValue v) => v.Kind == StatisticValue.Kinds.Days ? (int)v.Number : null;

    public static long? Time(StatisticValue v, TimeUnit unit) => v.Kind == StatisticValue.Kinds.TimeNanos ? Units(v.Number, unit) : null;

    public static long? Timestamp(StatisticValue v, TimeUnit unit) => v.Kind == StatisticValue.Kinds.TimestampNanos ? Units(v.Number, unit) : null;

    private static long? Units(Int128 nanos, TimeUnit unit)
    {
        // A finer statistic than the column would have to be rounded one way for a minimum, the other for a maximum.
        var (units, rest) = Int128.DivRem(nanos, 1_000_000_000 / TemporalText.PerSecond(unit));
        return rest == 0 && units >= long.MinValue && units <= long.MaxValue ? (long)units : null;
    }
}
