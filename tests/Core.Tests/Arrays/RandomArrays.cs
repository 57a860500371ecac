using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Tests.Arrays;

/// <summary>Random types, nested up to three levels, and random values of them.</summary>
internal static class RandomArrays
{
    private static readonly IArrowType[] s_leaves =
    [
        BooleanType.Default, Int8Type.Default, Int16Type.Default, Int32Type.Default, Int64Type.Default, FloatType.Default, DoubleType.Default, StringType.Default, BinaryType.Default,
        Date32Type.Default, new Time32Type(TimeUnit.Millisecond), new Time64Type(TimeUnit.Microsecond), new TimestampType(TimeUnit.Microsecond, "UTC"), new Decimal128Type(38, 5),
        new FixedSizeBinaryType(3), new FixedSizeBinaryType(16), LargeStringType.Default, LargeBinaryType.Default, NullType.Default,
        new DictionaryType(Int32Type.Default, StringType.Default, false), new DictionaryType(Int8Type.Default, StringType.Default, false),
    ];

    public static IArrowType Type(Random random, int depth = 0, bool dictionaries = true)
    {
        int pick = random.Next(depth >= 3 ? s_leaves.Length : s_leaves.Length + 12);
        if (pick < s_leaves.Length)
        {
            return !dictionaries && s_leaves[pick] is DictionaryType ? StringType.Default : s_leaves[pick];
        }

        Field Child(string name) => new(name, Type(random, depth + 1, dictionaries), true);
        return ((pick - s_leaves.Length) % 5) switch
        {
            0 => new ListType(Child("element")),
            1 => new MapType(new Field("key", StringType.Default, false), Child("value")),
            2 => new FixedSizeListType(Child("item"), 2),
            3 => new LargeListType(Child("item")),
            _ => new StructType([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => Child($"f{i}"))]),
        };
    }

    public static object?[] Values(Random random, IArrowType type, int count)
    {
        double nulls = random.Next(3) switch { 0 => 0, 1 => 0.2, _ => 0.8 };
        return [.. Enumerable.Range(0, count).Select(_ => type is NullType || random.NextDouble() < nulls ? null : Value(random, type))];
    }

    private static object? Value(Random random, IArrowType type) => type switch
    {
        BooleanType => random.Next(2) == 0,
        StringType or LargeStringType => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4) switch { 0 => "é", 1 => "\ud83d\ude00", 2 => "z", _ => "a" })),
        BinaryType or LargeBinaryType => Hex(random, random.Next(4)),
        FloatType => (double)(float)Real(random),
        DoubleType => Real(random),
        DictionaryType => $"v{random.Next(20)}",
        FixedSizeListType l => Values(random, l.ValueDataType, l.ListSize),
        FixedSizeBinaryType f => Hex(random, f.ByteWidth),
        FixedWidthType f => f.BitWidth == 64 ? random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(60) : random.NextInt64(-(1L << (f.BitWidth - 1)), 1L << (f.BitWidth - 1)) >> random.Next(f.BitWidth),
        ListType l => Values(random, l.ValueDataType, random.Next(4)),
        LargeListType l => Values(random, l.ValueDataType, random.Next(4)),
        MapType m => Enumerable.Range(0, random.Next(4)).Select(i => (object?)new NaiveArrays.Row([$"k{i}", Values(random, m.ValueField.DataType, 1)[0]])).ToArray(),
        StructType s => new NaiveArrays.Row([.. s.Fields.Select(f => Values(random, f.DataType, 1)[0])]),
        _ => throw new NotSupportedException(type.Name),
    };

    private static double Real(Random random) => random.Next(8) switch { 0 => double.NaN, 1 => -0.0, 2 => 0.0, 3 => double.PositiveInfinity, _ => random.Next(-5, 5) / 2.0 };

    private static string Hex(Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexString(buffer);
    }

    /// <summary>An array of the values that is, half of the time, a slice of a larger one.</summary>
    public static IArrowArray Sliced(Random random, IArrowType type, object?[] values)
    {
        int before = random.Next(2) * random.Next(20);
        var padded = Values(random, type, before).Concat(values).Concat(Values(random, type, before == 0 ? 0 : random.Next(5))).ToArray();
        var array = NaiveArrays.Build(type, padded);
        return before == 0 && padded.Length == values.Length ? array : ArrowArrayFactory.Slice(array, before, values.Length);
    }
}
