using Apache.Arrow;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace Core.Tests.ParquetFiles;

/// <summary>What other readers make of files written here.</summary>
public sealed class ParquetInteropTests : IDisposable
{
    private static readonly Schema Columns = new(
        [
            new Field("_hoodie_commit_time", StringType.Default, true),
            new Field("_hoodie_file_name", StringType.Default, true),
            new Field("id", StringType.Default, false),
            new Field("n", Int32Type.Default, true),
            new Field("at", new TimestampType(TimeUnit.Microsecond, "UTC"), true),
            new Field("price", new Decimal128Type(12, 2), true),
            new Field("tags", new ListType(new Field("element", StringType.Default, true)), true),
        ],
        null);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string FilePath => Path.Combine(_folder, "f.parquet");

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public async Task DuckDB_reads_encoded_constant_and_copied_chunks_and_prunes_by_their_statistics(int codec)
    {
        await WriteAsync(FilePath, new ParquetWriteOptions { Codec = (ParquetCodec)codec }, rowGroups: 3, rowsOfGroup: 1000);
        await CheckAsync("old.parquet");

        var store = new LocalObjectStore(_folder);
        var footer = await ParquetFooter.ReadAsync(store, "f.parquet");
        var schema = new ParquetOutputSchema(Columns, "hoodie.t.t_record");
        Assert.True(schema.CanCopyFrom(footer));
        string copy = Path.Combine(_folder, "g.parquet");
        await using (var stream = File.Create(copy))
        {
            // The first row group copied whole, the second with its numbers encoded anew, the third encoded.
            var writer = new ParquetFileWriter(stream, schema);
            var constants = new Dictionary<string, string?> { ["_hoodie_file_name"] = "new.parquet" };
            await writer.CopyRowGroupAsync(new RowGroupSource(store, "f.parquet", footer, 0), constants, CancellationToken.None);
            using (var part = RowGroupEncoder.Encode(schema, writer.Options, [Rows(1000, 1000)], constants, ["_hoodie_commit_time", "id", "at", "price", "tags"]))
            {
                await writer.AppendAsync(part, new RowGroupSource(store, "f.parquet", footer, 1), CancellationToken.None);
            }

            using (var whole = RowGroupEncoder.Encode(schema, writer.Options, [Rows(2000, 400), Rows(2400, 600)], new Dictionary<string, string?>(constants) { ["_hoodie_commit_time"] = "T1" }))
            {
                await writer.AppendAsync(whole, CancellationToken.None);
            }

            await writer.CloseAsync(CancellationToken.None);
        }

        File.Move(copy, FilePath, true);
        await CheckAsync("new.parquet");
    }

    [Fact]
    public async Task Parquet_Net_reads_constants_and_texts()
    {
        await WriteAsync(FilePath, new ParquetWriteOptions { Codec = ParquetCodec.Snappy }, rowGroups: 2, rowsOfGroup: 500);
        await using var reader = await Parquet.ParquetReader.CreateAsync(FilePath);
        for (int g = 0; g < 2; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var names = new string?[500];
            await group.ReadAsync(reader.Schema.DataFields.First(f => f.Name == "_hoodie_file_name"), names.AsMemory());
            Assert.All(names, name => Assert.Equal("old.parquet", name));
            var ids = new string?[500];
            await group.ReadAsync(reader.Schema.DataFields.First(f => f.Name == "id"), ids.AsMemory());
            Assert.Equal(Enumerable.Range(g * 500, 500).Select(Id), ids);
        }
    }

    [Fact]
    public async Task A_file_without_row_groups_is_a_file()
    {
        await WriteAsync(FilePath, ParquetWriteOptions.Default, 0, 0);
        Assert.Equal(0L, Query("count(*)"));
    }

    [Fact]
    public async Task A_writer_that_is_not_closed_leaves_no_parquet_file()
    {
        using var stream = new MemoryStream();
        var writer = new ParquetFileWriter(stream, new ParquetOutputSchema(Columns, "t"));
        using (var group = RowGroupEncoder.Encode(writer.Schema, writer.Options, [Rows(0, 10, withMeta: true)]))
        {
            await writer.AppendAsync(group, CancellationToken.None);
        }

        var error = Assert.Throws<LakehouseException>(() => ParquetFooter.ParseFile(stream.ToArray()));
        Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
    }

    [Fact]
    public void Wrong_batches_are_refused_by_column()
    {
        var schema = new ParquetOutputSchema(Columns, "t");
        Assert.Contains("_hoodie_commit_time", Refusal(schema, Rows(0, 10)).Message);

        var nulls = new StringArray.Builder().AppendNull().Build();
        var batch = new RecordBatch(new Schema([new Field("id", StringType.Default, true)], null), [nulls], 1);
        var only = new ParquetOutputSchema(new Schema([new Field("id", StringType.Default, false)], null), "t");
        Assert.Equal(LakehouseErrorKind.InvalidInput, Refusal(only, batch).Kind);

        var numbers = new RecordBatch(new Schema([new Field("id", Int32Type.Default, true)], null), [new Int32Array.Builder().Append(1).Build()], 1);
        Assert.Contains("int32", Refusal(only, numbers).Message);
        static LakehouseException Refusal(ParquetOutputSchema schema, RecordBatch rows) =>
            Assert.Throws<LakehouseException>(() => RowGroupEncoder.Encode(schema, ParquetWriteOptions.Default, [rows]));
    }

    [Fact]
    public void Row_groups_encode_the_same_on_several_threads()
    {
        var schema = new ParquetOutputSchema(Columns, "t");
        var constants = new Dictionary<string, string?> { ["_hoodie_commit_time"] = "T1", ["_hoodie_file_name"] = null };
        long[] Lengths() => [.. Enumerable.Range(0, 8).AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(i =>
        {
            using var group = RowGroupEncoder.Encode(schema, ParquetWriteOptions.Default, [Rows(i * 100, 100)], constants);
            return group.Length;
        })];
        Assert.Equal(Lengths(), Lengths());
    }

    [Fact]
    public void Schemas_that_differ_are_not_copied()
    {
        var here = new ParquetOutputSchema(Columns, "t");
        ParquetFooter With(Field field) => new() { Schema = ArrowToParquet.Convert(new Schema([.. Columns.FieldsList.Select(f => f.Name == field.Name ? field : f)], null), "x") };
        Assert.True(here.CanCopyFrom(With(Columns.GetFieldByName("n"))));
        Assert.False(here.CanCopyFrom(With(new Field("n", Int32Type.Default, false))));
        Assert.False(here.CanCopyFrom(With(new Field("n", Int64Type.Default, true))));
        Assert.False(here.CanCopyFrom(With(new Field("at", new TimestampType(TimeUnit.Millisecond, "UTC"), true))));
        Assert.False(here.CanCopyFrom(With(new Field("at", new TimestampType(TimeUnit.Microsecond, (string?)null), true))));
        Assert.False(here.CanCopyFrom(With(new Field("price", new Decimal128Type(12, 3), true))));
        Assert.False(here.CanCopyFrom(With(new Field("id", BinaryType.Default, false))));
        Assert.True(here.CanCopyColumn(With(new Field("n", Int64Type.Default, true)), "id"));
    }

    [Theory]
    [InlineData("parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)", false)]
    [InlineData("parquet-mr version 1.8.0 (build 0fda28af84b9746396014ad6a415b90592a98b3b)", true)]
    [InlineData("parquet-mr", true)]
    [InlineData("Parquet.Net v6.1.0", true)]
    [InlineData(null, true)]
    [InlineData("parquet-cpp-arrow version 25.0.0", false)]
    [InlineData(ParquetFileWriter.CreatedBy, false)]
    public void Statistics_of_writers_known_to_err_are_not_taken_over(string? createdBy, bool distrusted) => Assert.Equal(distrusted, StatisticsTrust.IsDistrusted(createdBy));

    private static string Id(int row) => $"k{row:d6}é";

    private static RecordBatch Rows(int first, int count, bool withMeta = false)
    {
        var id = new StringArray.Builder();
        var n = new Int32Array.Builder();
        var at = new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC"));
        var price = new Decimal128Array.Builder(new Decimal128Type(12, 2));
        var tags = new ListArray.Builder(new Field("element", StringType.Default, true));
        var tag = (StringArray.Builder)tags.ValueBuilder;
        for (int i = first; i < first + count; i++)
        {
            id.Append(Id(i));
            _ = i % 10 == 3 ? n.AppendNull() : n.Append(i);
            at.Append(DateTimeOffset.UnixEpoch.AddSeconds(i));
            price.Append(i / 4m);
            if (i % 7 == 2)
            {
                tags.AppendNull();
                continue;
            }

            tags.Append();
            for (int t = 0; t < i % 3; t++)
            {
                _ = t == 1 ? tag.AppendNull() : tag.Append("t" + i);
            }
        }

        IArrowArray[] data = [id.Build(), n.Build(), at.Build(), price.Build(), tags.Build()];
        var fields = Columns.FieldsList.Skip(2);
        if (!withMeta)
        {
            return new RecordBatch(new Schema(fields, null), data, count);
        }

        var meta = new StringArray.Builder().AppendRange(Enumerable.Repeat("T1", count)).Build();
        return new RecordBatch(Columns, [meta, meta, .. data], count);
    }

    private static async Task WriteAsync(string path, ParquetWriteOptions options, int rowGroups, int rowsOfGroup)
    {
        await using var stream = File.Create(path);
        var writer = new ParquetFileWriter(stream, new ParquetOutputSchema(Columns, "hoodie.t.t_record"), options);
        for (int g = 0; g < rowGroups; g++)
        {
            var constants = new Dictionary<string, string?> { ["_hoodie_commit_time"] = "T1", ["_hoodie_file_name"] = "old.parquet" };
            using var all = Rows(g * rowsOfGroup, rowsOfGroup);
            using var group = RowGroupEncoder.Encode(writer.Schema, writer.Options, [all.Slice(0, 300), all.Slice(300, rowsOfGroup - 300)], constants);
            await writer.AppendAsync(group, CancellationToken.None);
        }

        Assert.Equal(stream.Position, writer.Length);
        await writer.CloseAsync(CancellationToken.None);
    }

    private async Task CheckAsync(string fileName)
    {
        Assert.Equal(3000L, Query("count(*)", $"_hoodie_file_name = '{fileName}' and _hoodie_commit_time = 'T1'"));
        Assert.Equal(0L, Query("count(*)", $"_hoodie_file_name = 'z{fileName}' or _hoodie_file_name is null"));
        Assert.Equal(1L, Query("count(*)", $"id = '{Id(1234)}' and n = 1234 and price = 308.5"));
        Assert.Equal(300L, Query("count(*)", "n is null"));
        Assert.Equal((long)Enumerable.Range(0, 3000).Count(i => i % 7 == 2), Query("count(*)", "tags is null"));
        Assert.Equal((long)Enumerable.Range(0, 3000).Where(i => i % 7 != 2).Sum(i => i % 3), Query("coalesce(sum(len(tags)), 0)::bigint"));
        Assert.Equal(500L, Query("count(*)", "\"at\" >= timestamptz '1970-01-01 00:08:20+00' and \"at\" < timestamptz '1970-01-01 00:16:40+00'"));
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(new LocalObjectStore(_folder), "f.parquet", CancellationToken.None);
        var rows = await ParquetRows.ReadAsync(file, new ParquetReadRequest { Columns = ["id", "n", "tags"] });
        Assert.Equal("'k000005é' | 5 | ['t5', null]", rows[5]);
        Assert.Equal("'k002999é' | 2999 | ['t2999', null]", rows[2999]);
    }

    private object? Query(string select, string where = "true")
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select {select} from read_parquet('{FilePath}') where {where}";
        return command.ExecuteScalar();
    }
}
