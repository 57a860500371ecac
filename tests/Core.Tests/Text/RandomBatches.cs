using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Core.Tests.Text;

/// <summary>Random schemas and batches over all types that a table can have, and a plain model of their values.</summary>
internal static class RandomBatches
{
    private static readonly string[] Texts = ["", "a", "ünï", "a,b\"c\n", "x\r\ny", "\u0001\t\\", "😀", " lead", "null", "NaN", "-", "longer text that is more than forty bytes long, surely"];

    public static Schema Schema(Random random, int maxDepth = 3)
    {
        var schema = new Schema.Builder();
        var count = random.Next(1, 7);
        for (int i = 0; i < count; i++)
        {
            schema.Field(new Field(i == 0 ? "ünï \"x\"" : "c" + i, Type(random, maxDepth), random.Next(3) > 0));
        }

        return schema.Build();
    }

    public static IArrowType Type(Random random, int depth) => random.Next(depth > 0 ? 24 : 20) switch
    {
        0 => BooleanType.Default,
        1 => Int8Type.Default,
        2 => Int16Type.Default,
        3 => Int32Type.Default,
        4 => Int64Type.Default,
        5 => UInt32Type.Default,
        6 => UInt64Type.Default,
        7 => FloatType.Default,
        8 => DoubleType.Default,
        9 or 10 => StringType.Default,
        11 => BinaryType.Default,
        12 => new FixedSizeBinaryType(random.Next(1, 20)),
        13 => Decimal(random),
        14 => new Decimal256Type(60, 20),
        15 => Date32Type.Default,
        16 => random.Next(2) == 0 ? new Time32Type(TimeUnit.Millisecond) : new Time64Type(TimeUnit.Microsecond),
        17 => new TimestampType(TimeUnit.Millisecond, "UTC"),
        18 => new TimestampType(TimeUnit.Microsecond, "UTC"),
        19 => new TimestampType(random.Next(2) == 0 ? TimeUnit.Nanosecond : TimeUnit.Microsecond, (string?)null),
        20 or 21 => new ListType(new Field("element", Type(random, depth - 1), random.Next(2) == 0)),
        22 => new MapType(new Field("key", StringType.Default, false), new Field("value", Type(random, depth - 1), random.Next(2) == 0)),
        _ => new StructType([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new Field("f" + i, Type(random, depth - 1), random.Next(2) == 0))]),
    };

    public static RecordBatch Batch(Random random, Schema schema, int rows)
    {
        var builders = ColumnBuilders.Create(schema);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < builders.Length; i++)
            {
                Append(random, builders[i], schema.GetFieldByIndex(i).IsNullable);
            }
        }

        return new RecordBatch(schema, builders.Select(b => b.Build()), rows);
    }

    /// <summary>The value as something that <see cref="object.Equals(object)"/> and text compare right: a text that names every part.</summary>
    public static string Model(IArrowArray array, int i) => array.IsNull(i) ? "null" : array switch
    {
        BooleanArray a => a.GetValue(i)!.Value.ToString(),
        Int8Array a => a.Values[i].ToString(),
        Int16Array a => a.Values[i].ToString(),
        UInt32Array a => a.Values[i].ToString(),
        UInt64Array a => a.Values[i].ToString(),
        Int32Array a => a.Values[i].ToString(),
        Int64Array a => a.Values[i].ToString(),
        FloatArray a => a.Values[i].ToString("R"),
        DoubleArray a => a.Values[i].ToString("R"),
        Date32Array a => a.Values[i].ToString(),
        Time32Array a => a.Values[i].ToString(),
        Time64Array a => a.Values[i].ToString(),
        TimestampArray a => a.Values[i].ToString(),
        StringArray a => "'" + a.GetString(i) + "'",
        BinaryArray a => Convert.ToHexString(a.GetBytes(i)),
        FixedSizeBinaryArray a => Convert.ToHexString(a.GetBytes(i)),
        MapArray a => "{" + string.Join(",", Enumerable.Range(a.ValueOffsets[i], a.ValueOffsets[i + 1] - a.ValueOffsets[i]).Select(j => Model(a.Keys, j) + ":" + Model(a.Values, j))) + "}",
        ListArray a => "[" + string.Join(",", Enumerable.Range(a.ValueOffsets[i], a.ValueOffsets[i + 1] - a.ValueOffsets[i]).Select(j => Model(a.Values, j))) + "]",
        StructArray a => "(" + string.Join(",", a.Fields.Select(f => Model(f, i))) + ")",
        _ => throw new NotSupportedException(array.GetType().Name),
    };

    public static List<string> Model(RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Length).Select(row => string.Join(" | ", Enumerable.Range(0, batch.ColumnCount).Select(c => Model(batch.Column(c), row))))];

    private static Decimal128Type Decimal(Random random)
    {
        var precision = random.Next(1, 39);
        return new Decimal128Type(precision, random.Next(0, precision + 1));
    }

    private static void Append(Random random, ColumnBuilder builder, bool nullable)
    {
        if (nullable && random.Next(4) == 0)
        {
            builder.AppendNull();
            return;
        }

        switch (builder)
        {
            case BooleanBuilder b: b.Append(random.Next(2) == 0); break;
            case FixedWidthBuilder<sbyte> b: b.Append((sbyte)random.Next(-128, 128)); break;
            case FixedWidthBuilder<short> b: b.Append((short)random.Next(short.MinValue, short.MaxValue + 1)); break;
            case FixedWidthBuilder<uint> b: b.Append((uint)random.NextInt64(0, uint.MaxValue + 1L)); break;
            case FixedWidthBuilder<ulong> b: b.Append(random.Next(9) == 0 ? ulong.MaxValue : (ulong)random.NextInt64()); break;
            case FixedWidthBuilder<int> { Type: Date32Type } b: b.Append(random.Next(9) == 0 ? random.Next(-900_000, 3_000_000) : random.Next(-30_000, 30_000)); break;
            case FixedWidthBuilder<int> { Type: Time32Type } b: b.Append(random.Next(86_400_000)); break;
            case FixedWidthBuilder<int> b: b.Append(random.Next(9) == 0 ? int.MinValue : random.Next(-99, 99)); break;
            case FixedWidthBuilder<long> { Type: Time64Type } b: b.Append(random.NextInt64(86_400_000_000)); break;
            case FixedWidthBuilder<long> { Type: TimestampType { Unit: TimeUnit.Millisecond } } b: b.Append(random.NextInt64(-99_999_999_999_999, 99_999_999_999_999)); break;
            case FixedWidthBuilder<long> b: b.Append(random.Next(9) == 0 ? (random.Next(2) == 0 ? long.MinValue / 100 : long.MaxValue / 100) : random.NextInt64(-9_999_999, 9_999_999)); break;
            case FixedWidthBuilder<float> b: b.Append(random.Next(9) switch { 0 => float.NaN, 1 => float.NegativeInfinity, 2 => random.Next(9), _ => BitConverter.Int32BitsToSingle(random.Next()) }); break;
            case FixedWidthBuilder<double> b: b.Append(random.Next(9) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => random.Next(9), _ => BitConverter.Int64BitsToDouble(random.NextInt64()) }); break;
            case BytesBuilder { Type: StringType } b: b.Append(Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)])); break;
            case BytesBuilder b: b.Append(Bytes(random, random.Next(9))); break;
            case FixedBytesBuilder { Type: Decimal128Type t } b: b.Append(Unscaled(random, t.Precision, 16)); break;
            case FixedBytesBuilder { Type: Decimal256Type t } b: b.Append(Unscaled(random, t.Precision, 32)); break;
            case FixedBytesBuilder b: b.Append(Bytes(random, b.ByteWidth)); break;
            case ListBuilder { Type: MapType t, Elements: StructBuilder entries } b:
                for (int n = random.Next(4); n > 0; n--)
                {
                    ((BytesBuilder)entries.Fields[0]).Append(Encoding.UTF8.GetBytes("k\"" + n));
                    Append(random, entries.Fields[1], t.ValueField.IsNullable);
                    entries.Append();
                }

                b.Append();
                break;
            case ListBuilder { Type: ListType t } b:
                for (int n = random.Next(4); n > 0; n--)
                {
                    Append(random, b.Elements, t.ValueField.IsNullable);
                }

                b.Append();
                break;
            case StructBuilder b:
                for (int i = 0; i < b.Fields.Length; i++)
                {
                    Append(random, b.Fields[i], ((StructType)b.Type).Fields[i].IsNullable);
                }

                b.Append();
                break;
            default: throw new NotSupportedException(builder.GetType().Name);
        }
    }

    private static byte[] Unscaled(Random random, int precision, int width)
    {
        var digits = random.Next(1, precision + 1);
        var value = BigInteger.Parse(string.Concat(Enumerable.Range(0, digits).Select(_ => (char)('0' + random.Next(10)))));
        if (random.Next(2) == 0)
        {
            value = -value;
        }

        var bytes = new byte[width];
        bytes.AsSpan().Fill(value.Sign < 0 ? (byte)0xFF : (byte)0);
        value.TryWriteBytes(bytes, out _);
        return bytes;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
