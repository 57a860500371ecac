using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Core.Tests.Text;

public class CsvTests
{
    private static readonly Schema People = new Schema.Builder()
        .Field(new Field("id", Int32Type.Default, false)).Field(new Field("name", StringType.Default, true)).Field(new Field("born", Date32Type.Default, true))
        .Field(new Field("tags", new ListType(StringType.Default), true)).Build();

    [Fact]
    public void What_is_written_reads_back_for_random_schemas() => Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        var schema = RandomBatches.Schema(random);
        var batch = RandomBatches.Batch(random, schema, random.Next(40));
        var options = new CsvOptions { Delimiter = ",;\t|"[random.Next(4)], BatchRows = random.Next(1, 20) };
        var back = Read(Write(batch, options), schema, options);
        Assert.Equal(RandomBatches.Model(batch), back.SelectMany(b => RandomBatches.Model(b)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Quotes_line_ends_nulls_and_any_order_of_columns_are_understood()
    {
        var rows = Read("\uFEFFname,tags,id\r\n\"a \"\"b\"\",\r\nc\",\"[\"\"x\"\",null]\",1\r\n,,2\r\n\"\",[],3", People).SelectMany(b => RandomBatches.Model(b));
        Assert.Equal(["1 | 'a \"b\",\r\nc' | null | ['x',null]", "2 | null | null | null", "3 | '' | null | []"], rows);
    }

    [Fact]
    public void Nulls_and_empty_texts_are_told_apart_when_written() =>
        Assert.Equal("id,name,born,tags\n1,,,\n2,\"\",1970-01-02,\"[\"\"a\"\"]\"\n", Write(Read("id,name,born,tags\n1,,,\n2,\"\",1970-01-02,\"[\"\"a\"\"]\"", People).Single(), CsvOptions.Default));

    [Theory]
    [InlineData("id,nome\n1,x", "Line 1: unknown column \"nome\" in the header")]
    [InlineData("id,id\n1,x", "Line 1: the column \"id\" stands twice in the header")]
    [InlineData("id,name\n1", "Line 2: 1 fields where the header has 2")]
    [InlineData("id,name\n1,a,b", "Line 2: 3 fields where the header has 2")]
    [InlineData("id,name\n1,\"a\nb\"\nx,c", "Line 4, field \"id\": expected int, got x")]
    [InlineData("id,name\n1,a\"b", "Line 2: a quote inside a field")]
    [InlineData("id,name\n1,\"ab", "Line 2: a quote is not closed: \"ab")]
    [InlineData("id,name\n1,\"a\"b", "Line 2: text after a closing quote: b")]
    [InlineData("id,name\n,a", "Line 2, field \"id\": null in a column that must have a value (int)")]
    [InlineData("name\na", "Line 2, field \"id\": the column is missing in the header, but the column must have a value (int)")]
    [InlineData("id,born\n1,02/01/2024", "Line 2, field \"born\": expected date (2024-01-31), got 02/01/2024")]
    [InlineData("id,tags\n1,[1]", "Line 2, field \"tags[0]\": expected string, got 1")]
    [InlineData("id,tags\n1,[", "Line 2, field \"tags")]
    public void Errors_name_line_column_and_value(string text, string message)
    {
        var error = Assert.Throws<LakehouseException>(() => Read(text, People, new CsvOptions { Source = "in.csv" }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.StartsWith(message, error.Message);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('é')]
    public void A_delimiter_that_cannot_be_one_is_refused(char delimiter) =>
        Assert.Throws<LakehouseException>(() => Read("id\n1", People, new CsvOptions { Delimiter = delimiter }));

    private static List<RecordBatch> Read(string text, Schema schema, CsvOptions? options = null) =>
        CsvReader.ReadAsync(new TrickleStream(Encoding.UTF8.GetBytes(text)), schema, options).ToBlockingEnumerable().ToList();

    private static string Write(RecordBatch batch, CsvOptions options)
    {
        var stream = new MemoryStream();
        var writer = new CsvWriter(stream, batch.Schema, options);
        writer.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
