using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Core.Tests.Text;

public class JsonLinesTests
{
    [Fact]
    public void What_is_written_reads_back_for_random_schemas() => Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        var schema = RandomBatches.Schema(random);
        var batch = RandomBatches.Batch(random, schema, random.Next(40));
        var offset = random.Next(batch.Length + 1);
        var slice = batch.Slice(offset, random.Next(batch.Length - offset + 1));
        var text = Write(slice);
        var back = Read(text, schema, new JsonLinesOptions { BatchRows = random.Next(1, 20) });
        Assert.Equal(RandomBatches.Model(slice), back.SelectMany(b => RandomBatches.Model(b)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("v6")]
    [InlineData("v8")]
    [InlineData("v9")]
    public void Rows_of_the_goldens_are_written_as_Hudi_writes_them(string version)
    {
        var text = Golden(version);
        var schema = new Schema.Builder()
            .Field(F("id", StringType.Default)).Field(F("ord", Int64Type.Default)).Field(F("b", BooleanType.Default)).Field(F("i32", Int32Type.Default))
            .Field(F("bin", BinaryType.Default)).Field(F("dec20_5", new Decimal128Type(20, 5))).Field(F("dec38_10", new Decimal128Type(38, 10)))
            .Field(F("d", Date32Type.Default)).Field(F("tsu", new TimestampType(TimeUnit.Microsecond, "UTC"))).Field(F("s", StringType.Default)).Build();
        var fields = schema.FieldsList.Select(f => f.Name).ToHashSet();
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToList();
        var expected = string.Concat(rows.Select(r => "{" + string.Join(",", schema.FieldsList.Select(f => $"\"{f.Name}\":{r.GetProperty(f.Name).GetRawText()}")) + "}\n"));
        var ignored = rows[0].EnumerateObject().Select(p => p.Name).Where(n => !fields.Contains(n)).ToList();
        var batches = Read(text, schema, new JsonLinesOptions { Ignored = ignored });
        Assert.Equal(expected, string.Concat(batches.Select(Write)));
    }

    [Theory]
    [InlineData("{\"i\":\"x\"}", "Line 1, field \"i\": expected int, got \"x\"")]
    [InlineData("{\"i\":1.5}", "Line 1, field \"i\": expected int, got 1.5")]
    [InlineData("\n{\"i\":2147483648}", "Line 2, field \"i\": 2147483648 is out of the range of int")]
    [InlineData("{\"d\":1.234}", "Line 1, field \"d\": 1.234 has more digits after the point than decimal(5,2) holds")]
    [InlineData("{\"d\":1000}", "Line 1, field \"d\": 1000 is out of the range of decimal(5,2)")]
    [InlineData("{\"f\":1e400}", "Line 1, field \"f\": 1e400 is out of the range of double")]
    [InlineData("{\"t\":\"2024-02-30\"}", "Line 1, field \"t\": expected timestamp (2024-01-31T03:04:05.000006Z), got \"2024-02-30\"")]
    [InlineData("{\"x\":1}", "Line 1: unknown field \"x\"")]
    [InlineData("{\"I\":1}", "Line 1: unknown field \"I\" (file in.jsonl). The column is called \"i\"")]
    [InlineData("{\"i\":1,\"i\":2}", "Line 1, field \"i\": the field is given twice")]
    [InlineData("{\"n\":null}", "Line 1, field \"n\": null in a column that must have a value")]
    [InlineData("{\"n\":\"a\",\"s\":{\"l\":[1,\"two\"]}}", "Line 1, field \"s.l[1]\": expected int, got \"two\"")]
    [InlineData("{\"n\":\"a\",\"s\":{\"m\":{\"k\":7}}}", "Line 1, field \"s.m[\"k\"]\": expected string, got 7")]
    [InlineData("{\"i\":1}", "Line 1, field \"n\": the field is missing, but the column must have a value")]
    [InlineData("{\"i\":1", "Line 1, field \"i\": broken JSON at byte ")]
    [InlineData("{\"n\":\"a\"} x", "Line 1: broken JSON at byte ")]
    [InlineData("[1]", "Line 1: expected one JSON object a line, got [1]")]
    [InlineData("{\"n\":\"\\ud800\"}", "Line 1, field \"n\": broken text")]
    [InlineData("{\"n\":\"0123456789012345678901234567890123456789 and more\",\"i\":\"0123456789012345678901234567890123456789 and more\"}", "Line 1, field \"i\": expected int, got \"012345678901234567890123456789012345678…")]
    public void Errors_name_line_field_and_value(string text, string message)
    {
        var schema = new Schema.Builder()
            .Field(F("i", Int32Type.Default)).Field(F("d", new Decimal128Type(5, 2))).Field(F("f", DoubleType.Default)).Field(F("t", new TimestampType(TimeUnit.Microsecond, "UTC")))
            .Field(F("s", new StructType([F("l", new ListType(F("element", Int32Type.Default))), F("m", new MapType(new Field("key", StringType.Default, false), F("value", StringType.Default)))])))
            .Field(new Field("n", StringType.Default, false)).Build();
        var error = Assert.Throws<LakehouseException>(() => Read(text, schema, new JsonLinesOptions { Source = "in.jsonl" }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.StartsWith(message, error.Message);
        Assert.Contains("(file in.jsonl). ", error.Message);
    }

    [Theory]
    [InlineData("2024-01-02T03:04:05.678901Z", 1704164645678901)]
    [InlineData("2024-01-02 03:04:05.678901", 1704164645678901)]
    [InlineData("2024-01-02T05:04:05.678901+02:00", 1704164645678901)]
    [InlineData("2024-01-02T05:04:05.6789019+0200", 1704164645678901)]
    [InlineData("2024-01-02T05:04:05+02", 1704164645000000)]
    [InlineData("2024-01-02T03:04Z", 1704164640000000)]
    [InlineData("2024-01-02", 1704153600000000)]
    [InlineData("1969-12-31T23:59:59.999999Z", -1)]
    public void Timestamps_are_read_in_all_their_spellings(string text, long micros)
    {
        var schema = new Schema.Builder().Field(F("t", new TimestampType(TimeUnit.Microsecond, "UTC"))).Build();
        Assert.Equal(micros, ((TimestampArray)Read($"{{\"t\":\"{text}\"}}", schema).Single().Column(0)).Values[0]);
    }

    [Fact]
    public void A_byte_order_mark_and_empty_lines_are_passed_over()
    {
        var schema = new Schema.Builder().Field(F("i", Int32Type.Default)).Build();
        var batch = Read("\uFEFF{\"i\":1}\r\n\n  \n{\"i\":1e3}\n{}", schema).Single();
        Assert.Equal(["1", "1000", "null"], RandomBatches.Model(batch));
    }

    internal static List<RecordBatch> Read(string text, Schema schema, JsonLinesOptions? options = null) =>
        JsonLinesReader.ReadAsync(new TrickleStream(Encoding.UTF8.GetBytes(text)), schema, options).ToBlockingEnumerable().ToList();

    internal static string Write(RecordBatch batch)
    {
        var stream = new MemoryStream();
        var writer = new JsonLinesWriter(stream, batch.Schema);
        writer.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Field F(string name, IArrowType type) => new(name, type, true);

    private static string Golden(string version)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(Path.Combine(TestSupport.Repository.Goldens, version, "cow_types.zip"));
        using var reader = new StreamReader(zip.GetEntry("expected/snapshot.jsonl")!.Open());
        return reader.ReadToEnd();
    }
}
