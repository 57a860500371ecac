using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;
using OllaLab.Lakehouse.Tests.Arrays;
using static OllaLab.Lakehouse.Tests.Arrays.NaiveArrays;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class SchemaProjectionTests
{
    private static readonly TimestampType s_local = new(TimeUnit.Microsecond, (string?)null);
    private static readonly TimestampType s_utc = new(TimeUnit.Microsecond, "UTC");

    [Fact]
    public void A_file_with_the_wanted_columns_is_passed_through_without_a_copy()
    {
        var type = new ListType(new Field("element", Int32Type.Default, true));
        var batch = Batch(("a", Int32Type.Default, [1L, null]), ("b", type, [new object?[] { 1L }, null]));
        var projection = SchemaProjection.Create(batch.Schema, batch.Schema);
        Assert.True(projection.IsIdentity);
        using var result = projection.Apply(batch);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(batch.Column(i).Data.Buffers[1].Span == result.Column(i).Data.Buffers[1].Span);
        }

        batch.Dispose();
        AssertColumn([1L, null], result, "a");
    }

    [Fact]
    public void Columns_are_reordered_dropped_renamed_and_filled()
    {
        var table = TableSchema.FromAvro("""
            {"type":"record","name":"r","fields":[
              {"name":"b","type":"string"},{"name":"n","type":["null","long"]},{"name":"d","type":["int","null"],"default":7},{"name":"a2","type":"int"},
              {"name":"text","type":"string","default":"é"},{"name":"raw","type":"bytes","default":"\u00ff\u0001"},
              {"name":"dec","type":{"type":"bytes","logicalType":"decimal","precision":5,"scale":1},"default":"\u00ff"},
              {"name":"list","type":{"type":"array","items":["null","int"]},"default":[1,null]},{"name":"none","type":{"type":"array","items":"int"},"default":[]},
              {"name":"map","type":{"type":"map","values":"double"},"default":{"x":1.5}},{"name":"flag","type":"boolean","default":true},
              {"name":"rec","type":{"type":"record","name":"s","fields":[{"name":"p","type":"int"},{"name":"q","type":"string","default":"z"}]},"default":{"p":4}}]}
            """);
        var batch = Batch(("gone", Int32Type.Default, [1L, 2L]), ("a", Int32Type.Default, [3L, 4L]), ("b", StringType.Default, ["x", "y"]));
        InternalSchema Version(long id, string name) => new(id, 1, new InternalRecord([new InternalField(1, name, false, new InternalScalar("int"))]));
        var evolution = new SchemaEvolution(Version(2, "a2"), new Dictionary<string, InternalSchema?>(), [Version(0, "a"), Version(2, "a2")]);
        var projection = SchemaProjection.Create(batch.Schema, table.With(evolution), instant: "1");
        Assert.Equal(["b", "a"], projection.FileColumns);
        var result = projection.Apply(batch);
        AssertColumn(["x", "y"], result, "b");
        AssertColumn([null, null], result, "n");
        AssertColumn([7L, 7L], result, "d");
        AssertColumn([3L, 4L], result, "a2");
        AssertColumn(["é", "é"], result, "text");
        AssertColumn(["FF01", "FF01"], result, "raw");
        AssertColumn(Enumerable.Repeat<object?>("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 2), result, "dec");
        AssertColumn(Enumerable.Repeat<object?>(new object?[] { 1L, null }, 2), result, "list");
        AssertColumn(Enumerable.Repeat<object?>(System.Array.Empty<object?>(), 2), result, "none");
        AssertColumn(Enumerable.Repeat<object?>(new object?[] { new Row(["x", 1.5]) }, 2), result, "map");
        AssertColumn([true, true], result, "flag");
        AssertColumn(Enumerable.Repeat<object?>(new Row([4L, "z"]), 2), result, "rec");
        Assert.True(ArrowTypes.Identical(new StructType(table.Arrow.FieldsList), new StructType(result.Schema.FieldsList)));
        Assert.All(Enumerable.Range(0, result.ColumnCount), i => Assert.True(ArrowTypes.Identical(result.Column(i).Data.DataType, table.Arrow.FieldsList[i].DataType)));

        // A reader that asked for the needed columns only, in its own order, is served too.
        AssertColumn([3L], projection.Apply(Batch(("a", Int32Type.Default, [3L]), ("b", StringType.Default, ["x"]))), "a2");
    }

    public static TheoryData<IArrowType, object?, IArrowType, object?> Promotions => new()
    {
        { Int32Type.Default, -5L, Int64Type.Default, -5L },
        { Int32Type.Default, 16777217L, FloatType.Default, 16777216.0 },
        { Int64Type.Default, 1L << 40, DoubleType.Default, (double)(1L << 40) },
        { Int16Type.Default, -5L, Int32Type.Default, -5L },
        { FloatType.Default, (double)1.1f, DoubleType.Default, 1.1 },
        { FloatType.Default, double.NaN, DoubleType.Default, double.NaN },
        { Int32Type.Default, -12L, StringType.Default, "-12" },
        { Int64Type.Default, long.MinValue, StringType.Default, "-9223372036854775808" },
        { DoubleType.Default, 1.0, StringType.Default, "1.0" },
        { DoubleType.Default, -0.0, StringType.Default, "-0.0" },
        { DoubleType.Default, 123456.789, StringType.Default, "123456.789" },
        { DoubleType.Default, 1e7, StringType.Default, "1.0E7" },
        { DoubleType.Default, 9999999.0, StringType.Default, "9999999.0" },
        { DoubleType.Default, 0.001, StringType.Default, "0.001" },
        { DoubleType.Default, 1.25e-4, StringType.Default, "1.25E-4" },
        { DoubleType.Default, double.MaxValue, StringType.Default, "1.7976931348623157E308" },
        { DoubleType.Default, double.NegativeInfinity, StringType.Default, "-Infinity" },
        { FloatType.Default, (double)1.1f, StringType.Default, "1.1" },
        { FloatType.Default, 1.0E10, StringType.Default, "1.0E10" },
        { BooleanType.Default, true, StringType.Default, "true" },
        { Date32Type.Default, -719162L, StringType.Default, "0001-01-01" },
        { Date32Type.Default, 18262L, StringType.Default, "2020-01-01" },
        { new Decimal128Type(10, 2), Int128Hex(-5), StringType.Default, "-0.05" },
        { new Decimal128Type(10, 9), Int128Hex(12), StringType.Default, "1.2E-8" },
        { new Decimal128Type(10, 0), Int128Hex(12), StringType.Default, "12" },
        { new Decimal128Type(10, 2), Int128Hex(-12345), new Decimal128Type(20, 4), Int128Hex(-1234500) },
        { Int32Type.Default, 12L, new Decimal128Type(10, 2), Int128Hex(1200) },
        { BinaryType.Default, "C3A9", StringType.Default, "é" },
        { StringType.Default, "é", BinaryType.Default, "C3A9" },
        { LargeStringType.Default, "abc", StringType.Default, "abc" },
        { new DictionaryType(Int32Type.Default, StringType.Default, false), "abc", StringType.Default, "abc" },
        { new DictionaryType(Int32Type.Default, StringType.Default, false), "abc", BinaryType.Default, "616263" },
        { new TimestampType(TimeUnit.Millisecond, "UTC"), 5L, s_utc, 5000L },
        { new TimestampType(TimeUnit.Nanosecond, (string?)null), 5000L, s_utc, 5L },
        { Int64Type.Default, 5L, s_local, 5L },
        { Int32Type.Default, 5L, Date32Type.Default, 5L },
        { new ListType(new Field("array", Int32Type.Default, false)), new object?[] { 1L, 2L }, new ListType(new Field("element", Int64Type.Default, true)), new object?[] { 1L, 2L } },
        {
            new MapType(new Field("key", StringType.Default, false), new Field("value", FloatType.Default, true)), new object?[] { new Row(["k", (double)1.1f]) },
            new MapType(new Field("key", StringType.Default, false), new Field("value", DoubleType.Default, true)), new object?[] { new Row(["k", 1.1]) }
        },
        {
            new StructType([new Field("a", Int32Type.Default, true), new Field("x", Int32Type.Default, true)]), new Row([1L, 9L]),
            new StructType([new Field("b", StringType.Default, true), new Field("a", Int64Type.Default, true)]), new Row([null, 1L])
        },
        {
            new ListType(new Field("element", new StructType([new Field("a", Int32Type.Default, true)]), true)), new object?[] { new Row([1L]), null },
            new ListType(new Field("element", new StructType([new Field("a", DoubleType.Default, true), new Field("b", BooleanType.Default, true)]), true)), new object?[] { new Row([1.0, null]), null }
        },
    };

    [Theory]
    [MemberData(nameof(Promotions), DisableDiscoveryEnumeration = true)]
    public void A_value_of_an_earlier_type_is_promoted(IArrowType from, object? value, IArrowType to, object? expected)
    {
        foreach (bool sliced in new[] { false, true })
        {
            object?[] values = [value, null, value];
            var column = Build(from, sliced ? [null, value, .. values, value] : values);
            var batch = new RecordBatch(new Schema([new Field("f", from, true)], null), [sliced ? ArrowArrayFactory.Slice(column, 2, 3) : column], 3);
            var result = SchemaProjection.Create(batch.Schema, new Schema([new Field("f", to, true)], null)).Apply(batch);
            AssertColumn([expected, null, expected], result, "f");
            Assert.True(ArrowTypes.Identical(to, result.Column(0).Data.DataType));
        }
    }

    public static TheoryData<IArrowType, IArrowType> Refused => new()
    {
        { Int64Type.Default, Int32Type.Default },
        { DoubleType.Default, FloatType.Default },
        { StringType.Default, Int32Type.Default },
        { s_utc, StringType.Default },
        { s_utc, new TimestampType(TimeUnit.Millisecond, "UTC") },
        { new Decimal128Type(10, 4), new Decimal128Type(20, 2) },
        { new StructType([new Field("a", Int64Type.Default, true)]), new StructType([new Field("a", Int32Type.Default, true)]) },
        { new ListType(Int64Type.Default), Int64Type.Default },
        { BooleanType.Default, Int32Type.Default },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Other_types_are_refused_by_column_and_types(IArrowType from, IArrowType to)
    {
        var error = Assert.Throws<LakehouseException>(() =>
            SchemaProjection.Create(new Schema([new Field("f", from, true)], null), new Schema([new Field("f", to, true)], null), path: "p/x.parquet"));
        Assert.Equal((LakehouseErrorKind.Unsupported, "p/x.parquet"), (error.Kind, error.Path));
        Assert.Contains("column f", error.Message);
    }

    [Fact]
    public void A_missing_column_that_must_not_be_null_is_an_error() => Assert.Contains(
        "column f is missing",
        Assert.Throws<LakehouseException>(() => SchemaProjection.Create(new Schema([], null), new Schema([new Field("f", Int32Type.Default, false)], null))).Message);

    [Fact]
    public void A_decimal_that_outgrows_its_precision_is_an_error()
    {
        var batch = Batch(("f", new Decimal128Type(10, 0), [Int128Hex(99999)]));
        var projection = SchemaProjection.Create(batch.Schema, new Schema([new Field("f", new Decimal128Type(6, 2), true)], null));
        Assert.Contains("row 0", Assert.Throws<LakehouseException>(() => projection.Apply(batch)).Message);
    }

    internal static RecordBatch Batch(params (string Name, IArrowType Type, object?[] Values)[] columns) => new(
        new Schema([.. columns.Select(c => new Field(c.Name, c.Type, true))], null), [.. columns.Select(c => Build(c.Type, c.Values))], columns.Length == 0 ? 0 : columns[0].Values.Length);

    internal static void AssertColumn(IEnumerable<object?> expected, RecordBatch batch, string name) =>
        Assert.Equal(ShowAll(expected), ShowAll(Read(batch.Column(name))));

    internal static string Int128Hex(Int128 value)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        return Convert.ToHexString(bytes);
    }
}
