using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;
using static OllaLab.Lakehouse.Tests.Arrays.NaiveArrays;
using static OllaLab.Lakehouse.Tests.Schemas.SchemaProjectionTests;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class InputCastTests
{
    private static readonly TableSchema s_table = TableSchema.FromAvro("""
        {"type":"record","name":"r","fields":[
          {"name":"id","type":"string"},{"name":"n","type":["null","int"],"default":null},
          {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},
          {"name":"amount","type":["null",{"type":"fixed","name":"d","size":5,"logicalType":"decimal","precision":10,"scale":2}],"default":null},
          {"name":"s","type":["null",{"type":"record","name":"s","fields":[{"name":"a","type":"long"},{"name":"b","type":["null","string"],"default":null}]}],"default":null},
          {"name":"tags","type":["null",{"type":"array","items":"string"}],"default":null}]}
        """);

    [Fact]
    public void A_near_equal_batch_gets_exactly_the_tables_columns()
    {
        var batch = Batch(
            ("tags", new LargeListType(LargeStringType.Default), [new object?[] { "a", "é" }, null, System.Array.Empty<object?>()]),
            ("_hoodie_file_name", StringType.Default, ["x", "x", "x"]),
            ("s", new StructType([new Field("a", Int8Type.Default, true)]), [new Row([5L]), null, new Row([-1L])]),
            ("at", new TimestampType(TimeUnit.Second, "Europe/Vienna"), [3L, null, -1L]),
            ("n", Int64Type.Default, [1L, null, -7L]),
            ("amount", new Decimal128Type(20, 4), [Int128Hex(12300), null, Int128Hex(-100)]),
            ("id", new DictionaryType(Int32Type.Default, StringType.Default, false), ["k1", "k2", "k1"]));
        var result = InputCast.Create(batch.Schema, s_table).Apply(batch);
        Assert.Same(s_table.Arrow, result.Schema);
        AssertColumn(["k1", "k2", "k1"], result, "id");
        AssertColumn([1L, null, -7L], result, "n");
        AssertColumn([3_000_000L, null, -1_000_000L], result, "at");
        AssertColumn([Int128Hex(123), null, Int128Hex(-1)], result, "amount");
        AssertColumn([new Row([5L, null]), null, new Row([-1L, null])], result, "s");
        AssertColumn([new object?[] { "a", "é" }, null, System.Array.Empty<object?>()], result, "tags");
        Assert.All(Enumerable.Range(0, result.ColumnCount), i => Assert.True(ArrowTypes.Identical(result.Column(i).Data.DataType, s_table.Arrow.FieldsList[i].DataType)));
    }

    [Fact]
    public void Text_views_are_read()
    {
        var builder = new StringViewArray.Builder();
        builder.Append("short").Append("a text that is longer than twelve bytes");
        var batch = new RecordBatch(new Schema([new Field("id", StringViewType.Default, true)], null), [builder.Build()], 2);
        AssertColumn(["short", "a text that is longer than twelve bytes"], InputCast.Create(batch.Schema, s_table).Apply(batch), "id");
    }

    public static TheoryData<string, IArrowType, object?, string> Wrong => new()
    {
        { "n", Int64Type.Default, 1L << 31, "column n has the value 2147483648" },
        { "n", StringType.Default, "1", "column n has the type utf8, but the table has int32" },
        { "n", DoubleType.Default, 1.0, "column n has the type double" },
        { "at", new TimestampType(TimeUnit.Nanosecond, "UTC"), 1500L, "column at has the value 1500" },
        { "at", new TimestampType(TimeUnit.Second, "UTC"), long.MaxValue, "column at has the value" },
        { "at", new TimestampType(TimeUnit.Microsecond, (string?)null), 1L, "Give the column the time zone" },
        { "amount", new Decimal128Type(20, 4), Int128Hex(12301), "column amount has a value that does not fit decimal(10,2)" },
        { "amount", new Decimal128Type(20, 2), Int128Hex(10_000_000_000), "column amount has a value that does not fit decimal(10,2)" },
        { "id", StringType.Default, null, "column id must not be null" },
        { "s", new StructType([new Field("a", Int64Type.Default, true)]), new Row([null]), "column s.a must not be null" },
        { "s", new StructType([new Field("b", StringType.Default, true)]), new Row(["x"]), "column s.a is missing" },
        { "s", new StructType([new Field("a", Int64Type.Default, true), new Field("zz", StringType.Default, true)]), new Row([1L, "x"]), "column s.zz is not one of the table's" },
        { "tags", new ListType(StringType.Default), new object?[] { null }, "column tags.element must not be null" },
        { "nope", StringType.Default, "x", "column nope is not one of the table's" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Whatever_would_be_lost_is_refused_with_column_and_row(string column, IArrowType type, object? value, string message)
    {
        var good = type is StructType ? null : column == "id" ? "k" : null;
        var columns = new List<(string, IArrowType, object?[])> { (column, type, [good, value]) };
        if (column != "id")
        {
            columns.Add(("id", StringType.Default, ["a", "b"]));
        }

        var batch = Batch([.. columns]);
        var error = Assert.Throws<LakehouseException>(() => InputCast.Create(batch.Schema, s_table).Apply(batch));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains(message, error.Message);
        if (message.Contains("value") || column == "id")
        {
            Assert.Contains("row 2", error.Message);
        }
    }

    [Fact]
    public void A_repeated_and_a_missing_column_are_refused()
    {
        var twice = new Schema([new Field("id", StringType.Default, true), new Field("id", StringType.Default, true)], null);
        Assert.Contains("column id is there twice", Assert.Throws<LakehouseException>(() => InputCast.Create(twice, s_table)).Message);
        Assert.Contains("column id is missing", Assert.Throws<LakehouseException>(() => InputCast.Create(new Schema([new Field("n", Int32Type.Default, true)], null), s_table)).Message);
    }
}
