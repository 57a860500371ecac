using System.Globalization;
using System.Text.Json.Nodes;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <summary>A condition, as Spark's SQL and ours say it.</summary>
/// <param name="Spark">In SQL.</param>
/// <param name="Ours">The same.</param>
/// <param name="IsSameToBoth">Whether both mean the same: to Spark NaN is the greatest number and equal to itself.</param>
/// <param name="HasAnswer">Whether Hudi 1.2 answers it with statistics: of bytes it takes a ByteBuffer for an array, and fails; no bound that it believes is as great as NaN.</param>
internal sealed record ProbedCondition(string Spark, Predicate Ours, bool IsSameToBoth, bool HasAnswer);

/// <summary>A column of a type, and eight values of it in ascending order: the last is stored once, of floats it is NaN.</summary>
internal sealed record ProbedColumn(string Name, string Type, object[] Values, string Spark, Func<object, Literal> Ours)
{
    private const string Id = """{"type":"record","name":"t","fields":[{"name":"id","type":"string"},{"name":"ts","type":"long"},{"name":"city","type":["null","string"],"default":null}""";

    public static IReadOnlyList<ProbedColumn> All { get; } =
    [
        new("i", "\"int\"", [int.MinValue, -5, -1, 0, 1, 7, 1_000_000, int.MaxValue], "{0}", v => (int)v),
        new("l", "\"long\"", [long.MinValue + 1, -5_000_000_000L, -1L, 0L, 1L, 7L, 5_000_000_000L, long.MaxValue], "{0}L", v => (long)v),
        new("f", "\"float\"", [-3e38f, -1.5f, -0.5f, 0f, 0.25f, 1.5f, 3e38f, float.NaN], "cast('{0}' as float)", v => (float)v),
        new("d", "\"double\"", [-1e300, -1.5, -0.5, 0.0, 0.1, 1.5, 1e300, double.NaN], "cast('{0}' as double)", v => (double)v),
        new("g", "\"double\"", [double.NegativeInfinity, -1.5, -0.0, 0.0, 0.1, 1.5, 1e300, double.PositiveInfinity], "cast('{0}' as double)", v => (double)v),
        new("p", Decimal(9, 2), [-9_999_999.99m, -5.25m, -0.01m, 0m, 0.01m, 5.25m, 100m, 9_999_999.99m], "cast('{0}' as decimal(9,2))", v => (decimal)v),
        new("w", Decimal(28, 10), [-999999999999999999.5m, -5.25m, -0.001m, 0m, 0.001m, 5.25m, 100m, 999999999999999999.5m], "cast('{0}' as decimal(28,10))", v => (decimal)v),
        new("s", "\"string\"", [string.Empty, "A", "a", "a\u0300", "lisbon" + new string('x', 3_000), "s\u00e3o", "\uE000 private", "\U0001F600 smile"], "'{0}'", v => (string)v),
        new("u", "\"string\"", ["\t", " ", "0", "9", "O\"Neil", "ana", "bo", "z" + new string('y', 5_000)], "'{0}'", v => (string)v),
        new("day", Logical("int", "date"), Days("1583-01-01", "1969-12-31", "1970-01-01", "1999-12-31", "2000-02-29", "2024-03-01", "2100-01-01", "9999-12-31"), "date'{0}'", v => (DateOnly)v),
        new("ms", Logical("long", "timestamp-millis"), Times("1901-01-01T00:00:00.001", "1969-12-31T23:59:59.999", "1970-01-01", "1970-01-01T00:00:00.001", "2000-01-01", "2024-03-01T01:02:03.456", "2100-01-01", "9000-12-31"), "timestamp'{0}'", v => (DateTime)v),
        new("us", Logical("long", "timestamp-micros"), Times("1901-01-01T00:00:00.000001", "1969-12-31T23:59:59.999999", "1970-01-01", "1970-01-01T00:00:00.000001", "2000-01-01", "2024-03-01T01:02:03.456789", "2100-01-01", "9000-12-31"), "timestamp'{0}'", v => (DateTime)v),
        new("ok", "\"boolean\"", [false, false, false, true, true, true, true, true], "{0}", v => (bool)v),
        new("x", "\"bytes\"", [System.Array.Empty<byte>(), new byte[] { 0 }, new byte[] { 1, 2 }, new byte[] { 0x61 }, new byte[] { 0x7F }, new byte[] { 0x80 }, new byte[] { 0xFE, 1 }, new byte[] { 0xFF }], "X'{0}'", v => (byte[])v),
        new("n.a", "\"int\"", [-9, -5, -1, 0, 1, 7, 8, 9], "{0}", v => (int)v),
        new("n.t", "\"string\"", ["a", "b", "c", "d", "e", "f", "g", "h"], "'{0}'", v => (string)v),
    ];

    /// <summary>The table's, in Avro: id, ts and city, then the columns.</summary>
    public static string Schema { get; } = Id
        + string.Concat(All.Where(c => !c.Name.StartsWith("n.", StringComparison.Ordinal)).Select(c => $",{{\"name\":\"{c.Name}\",\"type\":[\"null\",{c.Type}],\"default\":null}}"))
        + """,{"name":"n","type":["null",{"type":"record","name":"n","fields":[{"name":"a","type":["null","int"],"default":null},{"name":"t","type":["null","string"],"default":null}]}],"default":null}]}""";

    /// <summary>A value as JSON lines have it.</summary>
    public JsonNode? Json(int value) => Values[value] switch
    {
        bool or int or long => JsonValue.Create(Values[value]),
        decimal m => JsonValue.Create(m),
        byte[] b => Convert.ToBase64String(b),
        DateTime t => Text(t) + "Z",
        float f when float.IsFinite(f) => f,
        double d when double.IsFinite(d) => d,
        var other => Text(other),
    };

    /// <summary>Each comparison with some of the values, lists and ranges of them, nulls.</summary>
    public IEnumerable<ProbedCondition> Conditions()
    {
        var column = Column(Name);
        foreach (int v in new[] { 0, 1, 4, 6, 7 })
        {
            var literal = Ours(Values[v]);
            yield return Make($"{Name} = {Sql(v)}", column == literal);
            yield return Make($"{Name} <> {Sql(v)}", column != literal);
            yield return Make($"{Name} < {Sql(v)}", column < literal);
            yield return Make($"{Name} <= {Sql(v)}", column <= literal);
            yield return Make($"{Name} > {Sql(v)}", column > literal);
            yield return Make($"{Name} >= {Sql(v)}", column >= literal);
        }

        yield return Make($"{Name} is null", column.IsNull());
        yield return Make($"{Name} is not null", column.IsNotNull());
        foreach (var (a, b) in new[] { (1, 5), (4, 7), (6, 6), (0, 3) })
        {
            yield return Make($"{Name} in ({Sql(a)}, {Sql(b)})", column.In(Ours(Values[a]), Ours(Values[b])));
            yield return Make($"{Name} not in ({Sql(a)}, {Sql(b)})", !column.In(Ours(Values[a]), Ours(Values[b])));
            yield return Make($"{Name} between {Sql(a)} and {Sql(b)}", column.Between(Ours(Values[a]), Ours(Values[b])));
            yield return Make($"not ({Name} between {Sql(a)} and {Sql(b)})", !column.Between(Ours(Values[a]), Ours(Values[b])));
        }

        yield return Make($"{Name} > {Sql(2)} and city = 'rome'", column > Ours(Values[2]) & Column("city") == "rome");
        yield return Make($"{Name} = {Sql(5)} or {Name} is null", column == Ours(Values[5]) | column.IsNull());
    }

    private static string Decimal(int precision, int scale) => $$"""{"type":"bytes","logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}""";

    private static string Logical(string type, string logical) => $$"""{"type":"{{type}}","logicalType":"{{logical}}"}""";

    private static object[] Days(params string[] days) => [.. days.Select(d => (object)DateOnly.Parse(d, CultureInfo.InvariantCulture))];

    private static object[] Times(params string[] times) => [.. times.Select(t => (object)DateTime.Parse(t, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal))];

    private static string Text(object value) => value switch
    {
        byte[] b => Convert.ToHexString(b),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private ProbedCondition Make(string spark, Predicate ours) => new(spark, ours, Values[^1] is not (float.NaN or double.NaN), Values[^1] is not byte[] && !spark.Contains("NaN", StringComparison.Ordinal));

    private string Sql(int value) => string.Format(CultureInfo.InvariantCulture, Spark, Text(Values[value]));
}
