using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups.Tests.Statistics;

/// <summary>Statistics of rows on their way to a log, and those that the footer of a file of the same rows has, are one another's check.</summary>
public class BoundsTests
{
    private static readonly string[] Texts = ["", "a", "ab", "é", "\uFFFD", "\U0001F600", "\uE000x", "z"];
    private static readonly double[] Reals = [double.NaN, -0.0, 0.0, 1.5, -2.25, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue];

    [Fact]
    public void Rows_and_the_footer_of_their_file_have_the_same_bounds() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var batches = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Batch(random)).ToList();
        var columns = batches[0].Schema.FieldsList.Select(f => f.Name).ToList();
        var rows = new BoundsAccumulator(columns);
        batches.ForEach(rows.Add);
        var footer = FooterBounds.Of(WriteAsync(batches).GetAwaiter().GetResult(), columns);
        Assert.Equal(footer.Select(Text), rows.Finish().Zip(batches[0].Schema.FieldsList, (b, f) => Text(WithZeros(b, f, batches))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Numbers_that_are_all_null_have_bounds_of_zero_as_Hudi_makes_them_up()
    {
        var schema = new Schema(
            [
                new Field("b", BooleanType.Default, true), new Field("i", Int32Type.Default, true), new Field("l", Int64Type.Default, true), new Field("f", FloatType.Default, true), new Field("d", DoubleType.Default, true),
                new Field("day", Date32Type.Default, true), new Field("at", new TimestampType(TimeUnit.Microsecond, "UTC"), true), new Field("n", new Decimal128Type(8, 2), true), new Field("w", new Decimal128Type(30, 2), true),
                new Field("s", StringType.Default, true), new Field("x", BinaryType.Default, true),
            ],
            null);
        var footer = await WriteAsync([new RecordBatch(schema, schema.FieldsList.Select(f => Arrays.Kernels.Nulls(f.DataType, 3)), 3)]);
        Assert.Equal(
            ["b Boolean 0", "i Whole 0", "l Whole 0", "f Real 0", "d Real 0", "day Days 0", "at TimestampNanos 0", "n -", "w -", "s -", "x -"],
            FooterBounds.Of(footer, [.. schema.FieldsList.Select(f => f.Name)]).Select(b => $"{b.Column} {(b.Min is { } min && b.Min == b.Max ? $"{min.Kind} {min.Number + (Int128)min.Real}" : "-")}"));
    }

    [Fact]
    public async Task A_column_with_a_NaN_has_no_bounds_in_the_footer_either()
    {
        var column = new DoubleArray.Builder().Append(1).Append(double.NaN).Build();
        var footer = await WriteAsync([new RecordBatch(new Schema([new Field("d", DoubleType.Default, true)], null), [column], 2)]);
        Assert.Null(footer.RowGroups[0].Columns[0].Statistics!.MaxValue);
        Assert.True(FooterBounds.Of(footer, ["d"])[0] is { Min: null, Max: null, ValueCount: 2, NullCount: 0, IsOpen: true });
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(1500, true)]
    [InlineData(5000, false)]
    public async Task Bounds_of_texts_are_whole_or_not_there(int length, bool known)
    {
        var value = new string('x', length);
        var footer = await WriteAsync([new RecordBatch(new Schema([new Field("s", StringType.Default, true)], null), [new StringArray.Builder().Append(value).Build()], 1)]);
        var bounds = FooterBounds.Of(footer, ["s"])[0];
        Assert.Equal(known ? value : null, bounds.Max is { } max ? System.Text.Encoding.UTF8.GetString(max.Bytes.Span) : null);
        Assert.Equal(!known, bounds.IsOpen);
    }

    [Fact]
    public void Of_rows_that_lack_a_column_nothing_is_said()
    {
        var rows = new BoundsAccumulator(["a", "b"]);
        Assert.All(rows.Finish(), b => Assert.True(b is { ValueCount: 0, NullCount: 0, Min: null, IsOpen: false }));
        rows.Add(new RecordBatch(new Schema([new Field("a", Int32Type.Default, true)], null), [new Int32Array.Builder().Append(1).Build()], 1));
        Assert.Empty(rows.Finish());
    }

    // See FooterBounds: a row group of nulls has bounds of zero.
    private static ColumnBounds WithZeros(ColumnBounds rows, Field field, List<RecordBatch> batches)
    {
        var physical = field.DataType switch { BooleanType => 1, Int32Type or FloatType or Date32Type => 4, Int64Type or DoubleType or TimestampType => 8, _ => 0 };
        if (rows.IsOpen || physical == 0 || !batches.Exists(b => b.Column(field.Name).NullCount == b.Length))
        {
            return rows;
        }

        var zero = StatisticValue.FromPlain(field.DataType, new byte[physical], byteArray: false);
        return rows.With(new ColumnBounds(field.Name, zero, zero, 0, 0, 0, 0));
    }

    private static RecordBatch Batch(Random random)
    {
        var count = random.Next(1, 20);
        var nulls = random.Next(4) switch { 0 => 0.0, 1 => 1.0, _ => 0.3 };
        IArrowArray[] arrays =
        [
            Build(new BooleanArray.Builder(), (b, _) => b.Append(random.Next(2) == 0), b => b.AppendNull(), b => b.Build()),
            Build(new Int32Array.Builder(), (b, _) => b.Append(random.Next(int.MinValue, int.MaxValue)), b => b.AppendNull(), b => b.Build()),
            Build(new Int64Array.Builder(), (b, _) => b.Append(random.NextInt64(long.MinValue, long.MaxValue)), b => b.AppendNull(), b => b.Build()),
            Build(new FloatArray.Builder(), (b, _) => b.Append((float)Reals[random.Next(random.Next(2) * 4, 7)]), b => b.AppendNull(), b => b.Build()),
            Build(new DoubleArray.Builder(), (b, _) => b.Append(Reals[random.Next(random.Next(2), Reals.Length)]), b => b.AppendNull(), b => b.Build()),
            Build(new StringArray.Builder(), (b, _) => b.Append(Texts[random.Next(Texts.Length)]), b => b.AppendNull(), b => b.Build()),
            Build(new BinaryArray.Builder(), (b, _) => b.Append([(byte)random.Next(256), (byte)random.Next(256)]), b => b.AppendNull(), b => b.Build()),
            Build(new Decimal128Array.Builder(new Decimal128Type(20, 5)), (b, _) => b.Append(random.Next(-1000, 1000) / 100m), b => b.AppendNull(), b => b.Build()),
            Build(new Date32Array.Builder(), (b, _) => b.Append(DateTime.UnixEpoch.AddDays(random.Next(-10000, 10000))), b => b.AppendNull(), b => b.Build()),
            Build(new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC")), (b, _) => b.Append(DateTimeOffset.UnixEpoch.AddTicks(10 * random.NextInt64(-1L << 50, 1L << 50))), b => b.AppendNull(), b => b.Build()),
        ];
        return new RecordBatch(new Schema(arrays.Select((a, i) => new Field($"c{i}", a.Data.DataType, true)), null), arrays, count);

        IArrowArray Build<T>(T builder, Action<T, int> value, Action<T> missing, Func<T, IArrowArray> build)
        {
            for (var i = 0; i < count; i++)
            {
                if (random.NextDouble() < nulls)
                {
                    missing(builder);
                }
                else
                {
                    value(builder, i);
                }
            }

            return build(builder);
        }
    }

    private static async Task<ParquetFooter> WriteAsync(IReadOnlyList<RecordBatch> batches)
    {
        var file = new MemoryStream();
        var writer = new ParquetFileWriter(file, new ParquetOutputSchema(batches[0].Schema, "r"));
        foreach (var batch in batches)
        {
            using var group = RowGroupEncoder.Encode(writer.Schema, writer.Options, [batch]);
            await writer.AppendAsync(group, CancellationToken.None);
        }

        await writer.CloseAsync(CancellationToken.None);
        return ParquetFooter.ParseFile(file.ToArray());
    }

    // Parquet makes a least zero negative and a greatest one positive.
    private static string Text(ColumnBounds b) => $"{b.Column} {Text(b.Min)} {Text(b.Max)} {b.ValueCount} {b.NullCount}";

    private static string Text(StatisticValue? value) => value is { } v ? $"{v.Kind} {v.Number} {v.Scale} {(v.Real == 0 ? 0 : v.Real):R} {Convert.ToHexString(v.Bytes.Span)}" : "-";
}
