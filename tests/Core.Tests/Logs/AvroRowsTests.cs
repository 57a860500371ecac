using System.Collections;
using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Avro.Generic;
using Avro.IO;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Core.Tests.Text;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

public sealed class AvroRowsTests
{
    [Fact]
    public void RowsComeBackAsTheyWere() => Prop.ForAll(Seeds.Any, seed => CheckAsync(seed).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    /// <summary>What we encode Apache.Avro reads as the same values, and encodes to the same bytes.</summary>
    [Fact]
    public void ApacheAvroAgrees() => Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new System.Random(seed);
        var json = RandomAvro.Record(random);
        var root = AvroTypeParser.Parse(AvroTypeParser.Json(json.ToJsonString()));
        var batch = RandomBatches.Batch(random, AvroToArrow.Convert(root), 5);
        var plain = (Avro.RecordSchema)Avro.Schema.Parse(RandomAvro.Plain(json).ToJsonString());
        var writer = new AvroRowWriter(root, batch);
        for (int row = 0; row < batch.Length; row++)
        {
            using var output = new AvroOutput();
            writer.Write(output, row);
            var record = new GenericDatumReader<GenericRecord>(plain, plain).Read(null!, new BinaryDecoder(new MemoryStream(output.Written.ToArray())));
            Assert.Equal(AvroValueText.Of(batch, root, row), string.Join(", ", root.Fields.Select((f, i) => $"{f.Name}: {Text(record.GetValue(i))}")));
            using var again = new MemoryStream();
            new GenericDatumWriter<GenericRecord>(plain).Write(record, new BinaryEncoder(again));
            Assert.Equal(again.ToArray(), output.Written.ToArray());
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task ColumnsAreReadInEarlierTypesAndFilled()
    {
        var old = TableSchema.FromAvro("""{"type":"record","name":"r","fields":[{"name":"id","type":"int"},{"name":"gone","type":["null","string"]},{"name":"f","type":["float","null"]},{"name":"e","type":{"type":"enum","name":"e","symbols":["A","B"]}}]}""");
        var table = TableSchema.FromAvro("""{"type":"record","name":"r","fields":[{"name":"e","type":"string"},{"name":"id","type":"long"},{"name":"new","type":"string","default":"x"},{"name":"f","type":["null","double"]},{"name":"later","type":["null","int"]}]}""");
        var rows = new RecordBatch(
            old.Arrow,
            [new Int32Array.Builder().Append(1).Append(2).Build(), new StringArray.Builder().Append("g").AppendNull().Build(), new FloatArray.Builder().Append(1.1f).AppendNull().Build(), new StringArray.Builder().Append("B").Append("A").Build()],
            2);
        var file = await LogFiles.WriteRowsAsync(LogBlockType.AvroData, rows, old);
        var (blocks, reader) = await LogFiles.ReadAsync(file);

        using var read = Assert.Single(await reader.RowsAsync(blocks[0], table, table.Arrow));

        Assert.Equal(["e: \"B\", id: 1, new: \"x\", f: 1.1, later: null", "e: \"A\", id: 2, new: \"x\", f: null, later: null"], [AvroValueText.Of(read, table.Root, 0), AvroValueText.Of(read, table.Root, 1)]);
        Assert.Equal(["id", "gone", "f", "e"], reader.SchemaOf(blocks[0]).Root.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task NoColumnsAreRowsToo()
    {
        var table = TableSchema.FromDdl("id int, s string", "t");
        var file = await LogFiles.WriteRowsAsync(LogBlockType.AvroData, RandomBatches.Batch(new System.Random(1), table.Arrow, 10), table);
        var (blocks, reader) = await LogFiles.ReadAsync(file);
        Assert.Equal([4, 4, 2], (await reader.RowsAsync(blocks[0], table, new Schema([], null), 4)).Select(b => b.Length));
    }

    [Fact]
    public void ColumnsOfUnionsCanBePassedOver()
    {
        const string Json = """{"type":"record","name":"r","fields":[{"name":"u","type":["null","int","string",{"type":"record","name":"w","fields":[{"name":"x","type":["long","null"]}]}]},{"name":"id","type":"int"}]}""";
        var rows = new AvroRowReader(AvroTypeParser.Parse(AvroTypeParser.Json(Json)), ["id"]);
        foreach (var record in new byte[][] { [0, 2], [2, 5, 4], [4, 2, 65, 6], [6, 0, 7, 8], [6, 2, 10] })
        {
            rows.Read(record);
        }

        using var batch = rows.Finish();
        Assert.Equal([1, 2, 3, 4, 5], ((Int32Array)batch.Column(0)).ToArray().Select(v => v!.Value));
        Assert.Throws<LakehouseException>(() => rows.Read([8, 2]));
    }

    [Fact]
    public async Task NullsWhereNoneMayBeAreRefused()
    {
        var table = TableSchema.FromAvro("""{"type":"record","name":"r","fields":[{"name":"id","type":"int"}]}""");
        var rows = new RecordBatch(TableSchema.FromDdl("id int", "t").Arrow, [new Int32Array.Builder().Append(1).AppendNull().Build()], 2);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => LogFiles.WriteRowsAsync(LogBlockType.AvroData, rows, table));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("id has in row 1", error.Message, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(int seed)
    {
        var random = new System.Random(seed);
        var json = RandomAvro.Record(random).ToJsonString();
        var table = TableSchema.FromAvro(json);
        var batch = RandomBatches.Batch(random, table.Arrow, random.Next(60));
        int from = random.Next(batch.Length + 1);
        var slice = new RecordBatch(table.Arrow, batch.Arrays.Select(a => ArrowArrayFactory.Slice(a, from, batch.Length - from)), batch.Length - from);
        var type = random.Next(5) switch { 0 => LogBlockType.CdcData, 1 => LogBlockType.ParquetData, _ => LogBlockType.AvroData };
        var (blocks, reader) = await LogFiles.ReadAsync(await LogFiles.WriteRowsAsync(type, slice, table));

        var wanted = new Schema(table.Arrow.FieldsList.Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()), null);
        var read = await reader.RowsAsync(blocks[0], table, wanted, random.Next(1, 30));
        Assert.Equal(Rows([slice], wanted), Rows(read, wanted));
        read.ForEach(b => b.Dispose());
    }

    private static List<string> Rows(List<RecordBatch> batches, Schema wanted) =>
        [.. batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(row => string.Join(" | ", wanted.FieldsList.Select(f => RandomBatches.Model(b.Column(f.Name), row)))))];

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        float f => ((double)f).ToString("R", CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        string s => JsonSerializer.Serialize(s),
        byte[] b => $"<{Convert.ToBase64String(b)}>",
        GenericFixed f => $"<{Convert.ToBase64String(f.Value)}>",
        GenericRecord r => $"{{{string.Join(", ", Enumerable.Range(0, r.Schema.Fields.Count).Select(i => $"{r.Schema.Fields[i].Name}: {Text(r.GetValue(i))}"))}}}",
        IDictionary<string, object> m => $"{{{string.Join(", ", m.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}: {Text(e.Value)}"))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        IFormattable n => n.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(value.GetType().Name),
    };
}
