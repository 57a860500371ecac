using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Core.Tests.Filtering;

/// <summary>Rows as objects and predicates as plain functions on them, against which the columnar ones are held.</summary>
internal sealed class PredicateModel(Random random)
{
    private static readonly string[] Texts = ["", "a", "ab", "abc", "b", "z", "ü", "\uFFFF", "😀", "Z", "1"];

    public static readonly Schema Schema = new Schema.Builder()
        .Field(new Field("i8", Int8Type.Default, true)).Field(new Field("i64", Int64Type.Default, true)).Field(new Field("u32", UInt32Type.Default, true))
        .Field(new Field("f32", FloatType.Default, true)).Field(new Field("f64", DoubleType.Default, true)).Field(new Field("dec", new Decimal128Type(20, 2), true))
        .Field(new Field("b", BooleanType.Default, true)).Field(new Field("s", StringType.Default, true)).Field(new Field("day", Date32Type.Default, true))
        .Field(new Field("ts", new TimestampType(TimeUnit.Millisecond, "UTC"), true)).Field(new Field("t", new Time64Type(TimeUnit.Microsecond), true))
        .Field(new Field("st", new StructType([new Field("x", Int32Type.Default, true)]), true)).Build();

    private static readonly string[] Names = ["i8", "i64", "u32", "f32", "f64", "dec", "b", "s", "day", "ts", "t", "st.x"];

    public (RecordBatch Batch, List<Dictionary<string, object?>> Rows) Batch()
    {
        var builders = ColumnBuilders.Create(Schema);
        var rows = new List<Dictionary<string, object?>>();
        var nulls = random.Next(4) switch { 0 => 0.0, 1 => 1.0, _ => 0.25 };
        for (int n = random.Next(30); n > 0; n--)
        {
            var row = new Dictionary<string, object?>();
            for (int i = 0; i < Names.Length; i++)
            {
                var value = random.NextDouble() < nulls ? null : Value(Names[i]);
                row[Names[i]] = value;
                Append(builders[i], value);
            }

            rows.Add(row);
        }

        return (new RecordBatch(Schema, builders.Select(b => b.Build()), rows.Count), rows);
    }

    public (Predicate Predicate, Func<Dictionary<string, object?>, bool?> Model) Predicate(int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var (a, fa) = Predicate(depth - 1);
            var (b, fb) = Predicate(depth - 1);
            return random.Next(5) switch
            {
                0 => (!a, r => fa(r) is { } v ? !v : null),
                1 => (a & b, r => fa(r) == false || fb(r) == false ? false : fa(r) is null || fb(r) is null ? null : true),
                2 => (a && b, r => fa(r) == false || fb(r) == false ? false : fa(r) is null || fb(r) is null ? null : true),
                3 => (a || b, r => fa(r) == true || fb(r) == true ? true : fa(r) is null || fb(r) is null ? null : false),
                _ => (a | b, r => fa(r) == true || fb(r) == true ? true : fa(r) is null || fb(r) is null ? null : false),
            };
        }

        var name = Names[random.Next(Names.Length)];
        var column = Column(name);
        switch (random.Next(8))
        {
            case 0: return (column.IsNull(), r => r[name] is null);
            case 1: return (column.IsNotNull(), r => r[name] is not null);
            case 2:
                var set = Enumerable.Range(0, random.Next(4)).Select(_ => Literal(name)).ToList();
                return (column.In([.. set.Select(l => l.Literal)]), r => r[name] is null ? null : set.Any(l => Compare(r[name]!, l.Value) == 0));
            case 3 when name == "s":
                var prefix = Texts[random.Next(Texts.Length)];
                return (column.StartsWith(prefix), r => r[name] is null ? null : ((string)r[name]!).StartsWith(prefix, StringComparison.Ordinal));
            case 4:
                var (low, high) = (Literal(name), Literal(name));
                return (column.Between(low.Literal, high.Literal), r => r[name] is null ? null : Compare(r[name]!, low.Value) >= 0 && Compare(r[name]!, high.Value) <= 0);
        }

        var (literal, value) = Literal(name);
        return random.Next(6) switch
        {
            0 => (column == literal, r => r[name] is null ? null : Compare(r[name]!, value) == 0),
            1 => (column != literal, r => r[name] is null ? null : !(Compare(r[name]!, value) == 0)),
            2 => (column < literal, r => r[name] is null ? null : Compare(r[name]!, value) < 0),
            3 => (column <= literal, r => r[name] is null ? null : Compare(r[name]!, value) <= 0),
            4 => (column > literal, r => r[name] is null ? null : Compare(r[name]!, value) > 0),
            _ => (column >= literal, r => r[name] is null ? null : Compare(r[name]!, value) >= 0),
        };
    }

    /// <summary>Sign, or null for NaN, which every comparison but "not equal" answers with false.</summary>
    internal static int? Compare(object a, object b)
    {
        if (a is string s)
        {
            return Encoding.UTF8.GetBytes(s).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)b));
        }

        if (a is double x)
        {
            var y = Convert.ToDouble(b);
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y) is var c && x == y ? 0 : c;
        }

        if (a is decimal m)
        {
            return b is double d ? (double.IsNaN(d) ? null : double.IsPositiveInfinity(d) ? -1 : double.IsNegativeInfinity(d) ? 1 : m.CompareTo((decimal)d)) : m.CompareTo(Convert.ToDecimal(b));
        }

        return ((IComparable)a).CompareTo(b);
    }

    private object Value(string name) => name switch
    {
        "i8" or "st.x" => (decimal)random.Next(-10, 10),
        "i64" => random.Next(8) == 0 ? (random.Next(2) == 0 ? long.MinValue : (decimal)long.MaxValue) : random.Next(-10, 10),
        "u32" => random.Next(8) == 0 ? (decimal)uint.MaxValue : random.Next(10),
        "f32" or "f64" => random.Next(10) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -0.0, _ => random.Next(-10, 10) / 4.0 },
        "dec" => random.Next(-1000, 1000) / 100m,
        "b" => random.Next(2) == 0,
        "s" => Texts[random.Next(Texts.Length)],
        "day" => new DateOnly(1969, 12, 25).AddDays(random.Next(15)),
        "ts" => DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(-5, 5)),
        _ => TimeSpan.FromMicroseconds(random.Next(10)),
    };

    private (Literal Literal, object Value) Literal(string name)
    {
        switch (name)
        {
            case "b": var b = random.Next(2) == 0; return (b, b);
            case "s": var s = Texts[random.Next(Texts.Length)]; return (s, s);
            case "day":
                var day = (DateOnly)Value("day");
                return random.Next(2) == 0 ? (day, day) : (day.ToString("yyyy-MM-dd"), day);
            case "ts": var ts = ((DateTimeOffset)Value("ts")).AddMicroseconds(random.Next(2) * 500); return (ts, ts);
            case "t": var t = ((TimeSpan)Value("t")) + new TimeSpan(random.Next(2) * 3); return (t, t);
        }

        switch (random.Next(6))
        {
            case 0: var i = random.Next(-12, 12); return (i, (decimal)i);
            case 1: var l = name.StartsWith('f') ? random.Next(99) : (random.Next(2) == 0 ? long.MaxValue : long.MinValue); return (l, (decimal)l);
            case 2: var d = random.Next(-40, 40) / 4.0; return (d, d);
            case 3 when name != "dec": var n = random.Next(3) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => double.NegativeInfinity }; return (n, n);
            default: var m = random.Next(-40, 40) / (name.StartsWith('f') ? 4m : 1000m); return (m, m);
        }
    }

    private static void Append(ColumnBuilder builder, object? value)
    {
        switch (builder)
        {
            case StructBuilder b when value is not null: Append(b.Fields[0], value); b.Append(); break;
            case var b when value is null: b.AppendNull(); break;
            case FixedWidthBuilder<sbyte> b: b.Append((sbyte)(decimal)value); break;
            case FixedWidthBuilder<int> { Type: Date32Type } b: b.Append(((DateOnly)value).DayNumber - new DateOnly(1970, 1, 1).DayNumber); break;
            case FixedWidthBuilder<int> b: b.Append((int)(decimal)value); break;
            case FixedWidthBuilder<uint> b: b.Append((uint)(decimal)value); break;
            case FixedWidthBuilder<long> { Type: TimestampType } b: b.Append(((DateTimeOffset)value).ToUnixTimeMilliseconds()); break;
            case FixedWidthBuilder<long> { Type: Time64Type } b: b.Append(((TimeSpan)value).Ticks / 10); break;
            case FixedWidthBuilder<long> b: b.Append((long)(decimal)value); break;
            case FixedWidthBuilder<float> b: b.Append((float)(double)value); break;
            case FixedWidthBuilder<double> b: b.Append((double)value); break;
            case BooleanBuilder b: b.Append((bool)value); break;
            case BytesBuilder b: b.Append(Encoding.UTF8.GetBytes((string)value)); break;
            case FixedBytesBuilder b:
                var bytes = new byte[16];
                System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, (Int128)((decimal)value * 100));
                b.Append(bytes);
                break;
            default: throw new NotSupportedException();
        }
    }
}
