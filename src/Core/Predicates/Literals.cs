using System.Globalization;
using System.Numerics;
using System.Text;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>Literals in the types of columns.</summary>
internal static class Literals
{
    public static LakehouseException Refuse(ColumnPath path, object? literal, string? why = null) => new(
        LakehouseErrorKind.InvalidInput,
        literal is null
            ? $"The column \"{path.Name}\" ({TypeNames.Describe(path.Type)}) cannot be compared: {why}"
            : $"The column \"{path.Name}\" ({TypeNames.Describe(path.Type)}) cannot be compared with {SqlText.Value(literal)}" + (why is null ? string.Empty : ": " + why),
        remedy: literal is null ? null : "Give a value of the column's type");

    public static Place<byte> Boolean(ColumnPath path, object literal) => literal is bool b ? new(Position.At, b ? (byte)1 : (byte)0) : throw Refuse(path, literal);

    public static Place<T> Whole<T>(ColumnPath path, object literal)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (Unplaced<T>(literal) is { } unplaced)
        {
            return unplaced;
        }

        return Ranged<T>(Exact(path, literal, exactDoubles: true).Floor(0, out var exact), exact);
    }

    public static Place<double> Double(ColumnPath path, object literal) => literal switch
    {
        double.NaN => new(Position.Nowhere),
        double d => new(Position.At, d),
        decimal m => new(Position.At, (double)m),
        long l => FloorTo(l, (double)l, (Int128)(double)l, Math.BitDecrement),
        _ => throw Refuse(path, literal),
    };

    public static Place<float> Single(ColumnPath path, object literal) => literal switch
    {
        double.NaN => new(Position.Nowhere),
        double d when double.IsFinite(d) && float.IsInfinity((float)d) => d > 0 ? new(Position.After, float.MaxValue) : new(Position.After, float.NegativeInfinity),
        double d when (double)(float)d == d => new(Position.At, (float)d),
        double d => new(Position.After, (float)d > d ? MathF.BitDecrement((float)d) : (float)d),
        decimal m => new(Position.At, (float)m),
        long l => FloorTo(l, (float)l, (Int128)(float)l, MathF.BitDecrement),
        _ => throw Refuse(path, literal),
    };

    public static Place<Int128> Decimal(ColumnPath path, object literal, int scale)
    {
        if (Unplaced<Int128>(literal) is { } unplaced)
        {
            return unplaced;
        }

        return Ranged<Int128>(Exact(path, literal, exactDoubles: false).Floor(scale, out var exact), exact);
    }

    public static Place<int> Date(ColumnPath path, object literal)
    {
        const long TicksPerDay = TimeSpan.TicksPerDay;
        switch (literal)
        {
            case DateOnly d: return new(Position.At, (int)LiteralTime.Days(d));
            case DateTime t: return Ranged<int>(FloorDiv(LiteralTime.Ticks(t), TicksPerDay, out var exact), exact);
            case string s when TemporalText.TryParseDate(Encoding.UTF8.GetBytes(s), out var days): return Ranged<int>(days, true);
            default: throw Refuse(path, literal);
        }
    }

    public static Place<T> Time<T>(ColumnPath path, object literal, TimeUnit unit)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        BigInteger nanos = literal switch
        {
            TimeSpan t => (BigInteger)t.Ticks * 100,
            string s when TemporalText.TryParseTime(Encoding.UTF8.GetBytes(s), out var n) => n,
            _ => throw Refuse(path, literal),
        };
        return Ranged<T>(FloorDiv(nanos, 1_000_000_000 / TemporalText.PerSecond(unit), out var exact), exact);
    }

    public static Place<long> Timestamp(ColumnPath path, object literal, TimestampType type)
    {
        BigInteger nanos;
        switch (literal)
        {
            case DateTimeOffset t when type.Timezone is not null: nanos = (BigInteger)(t.UtcTicks - DateTime.UnixEpoch.Ticks) * 100; break;
            case DateTimeOffset: throw Refuse(path, literal, "a local timestamp has no zone; give a DateTime");
            case DateTime t when type.Timezone is null: nanos = (BigInteger)(t.Ticks - DateTime.UnixEpoch.Ticks) * 100; break;
            case DateTime t: nanos = (BigInteger)LiteralTime.Ticks(t) * 100; break;
            case DateOnly d: nanos = (BigInteger)LiteralTime.Days(d) * 86_400_000_000_000; break;
            case string s when TemporalText.TryParseTimestamp(Encoding.UTF8.GetBytes(s), out var seconds, out var rest, out var zoned) && !(zoned && type.Timezone is null):
                nanos = ((BigInteger)seconds * 1_000_000_000) + rest;
                break;
            default: throw Refuse(path, literal);
        }

        return Ranged<long>(FloorDiv(nanos, 1_000_000_000 / TemporalText.PerSecond(type.Unit), out var exact), exact);
    }

    public static byte[] Text(ColumnPath path, object literal) => literal switch
    {
        string s => Encoding.UTF8.GetBytes(s),
        Guid g => Encoding.UTF8.GetBytes(g.ToString("D")),
        _ => throw Refuse(path, literal),
    };

    public static byte[] Binary(ColumnPath path, object literal) => literal switch
    {
        byte[] b => [.. b],
        Guid g when path.Type is FixedSizeBinaryType { ByteWidth: 16 } or BinaryType => g.ToByteArray(bigEndian: true),
        _ => throw Refuse(path, literal),
    };

    /// <summary>NaN and infinities, which no exact number holds.</summary>
    private static Place<T>? Unplaced<T>(object literal)
        where T : struct, IComparisonOperators<T, T, bool>, IEquatable<T> => literal switch
        {
            double.NaN => new(Position.Nowhere),
            double.PositiveInfinity => new(Position.AboveAll),
            double.NegativeInfinity => new(Position.BelowAll),
            _ => null,
        };

    private static ExactNumber Exact(ColumnPath path, object literal, bool exactDoubles) => literal switch
    {
        long l => new(l, 0),
        decimal m => ExactNumber.Of(m),
        double d => exactDoubles ? ExactNumber.Exactly(d) : ExactNumber.AsWritten(d),
        _ => throw Refuse(path, literal),
    };

    private static Place<T> Ranged<T>(BigInteger floor, bool exact)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (floor < BigInteger.CreateChecked(T.MinValue))
        {
            return new(Position.BelowAll);
        }

        return floor > BigInteger.CreateChecked(T.MaxValue) ? new(Position.AboveAll) : new(exact ? Position.At : Position.After, T.CreateChecked(floor));
    }

    private static Place<T> FloorTo<T>(long literal, T rounded, Int128 back, Func<T, T> below)
        where T : struct, IComparisonOperators<T, T, bool>, IEquatable<T> =>
        back == literal ? new(Position.At, rounded) : new(Position.After, back > literal ? below(rounded) : rounded);

    private static BigInteger FloorDiv(BigInteger value, long by, out bool exact)
    {
        var quotient = BigInteger.DivRem(value, by, out var rest);
        exact = rest.IsZero;
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
