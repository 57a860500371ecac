using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class TableSchemaTests
{
    private const string Vectors = "avro-parquet-schemas.jsonl";

    public static TheoryData<string, string, string> SparkToAvro()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var v in Repository.Vectors(Vectors).Where(v => v.GetProperty("op").GetString() == "sparkToAvro"))
        {
            data.Add(v.GetProperty("name").GetString()!, v.GetProperty("spark").GetString()!, v.GetProperty("avro").ToString());
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SparkToAvro))]
    public void A_dataframe_gets_the_schema_that_spark_gives_it(string name, string spark, string avro)
    {
        var schema = SparkTypes.Schema(spark);
        if (avro.Contains("\"error\"") || name.StartsWith("void", StringComparison.Ordinal))
        {
            Assert.Contains("column f", Assert.Throws<LakehouseException>(() => TableSchema.FromArrow(schema, "t")).Message);
            return;
        }

        var table = TableSchema.FromArrow(schema, "t");
        AssertSameJson(avro, table.ToAvroJson(false));
        Assert.Equal(2, table.Arrow.FieldsList.Count);
    }

    [Fact]
    public void Records_are_named_after_the_table_as_hudi_does()
    {
        int seen = 0;
        foreach (var v in Repository.Vectors(Vectors).Where(v => v.GetProperty("op").GetString() == "recordName"))
        {
            var expected = v.GetProperty("nameAndNamespace");
            Assert.Equal((expected[0].GetString(), expected[1].GetString()), AvroNames.Record(v.GetProperty("table").GetString()!));
            seen++;
        }

        Assert.True(seen > 5);
    }

    [Fact]
    public void Meta_columns_are_added_and_stripped()
    {
        var v = Repository.Vectors(Vectors).Single(v => v.GetProperty("op").GetString() == "metaFields");
        var plain = v.GetProperty("avro").GetString()!;
        var schema = TableSchema.FromAvro(plain);
        AssertSameJson(v.GetProperty("withMetaFields").GetString()!, schema.ToAvroJson(true));
        Assert.Equal([.. MetaColumns.Names, "id"], schema.ArrowWithMeta.FieldsList.Select(f => f.Name));
        AssertSameJson(plain, TableSchema.FromAvro(v.GetProperty("withMetaFields").GetString()!).ToAvroJson(false));
        AssertSameJson(plain, TableSchema.FromAvro(v.GetProperty("withMetaFieldsAndOperation").GetString()!).ToAvroJson(false));
    }

    [Fact]
    public void Every_schema_of_the_vectors_is_kept_word_for_word_or_refused_by_name()
    {
        int kept = 0;
        foreach (var v in Repository.Vectors(Vectors).Where(v => v.GetProperty("op").GetString() == "avroToParquet"))
        {
            var avro = v.GetProperty("avro").GetString()!;
            var name = v.GetProperty("name").GetString()!;
            if (name.StartsWith("union", StringComparison.Ordinal) && name.Contains("int"))
            {
                Assert.Contains("Column f is a union of int, string", Assert.Throws<LakehouseException>(() => TableSchema.FromAvro(avro)).Message);
                continue;
            }

            var schema = TableSchema.FromAvro(avro);
            AssertSameJson(avro, schema.ToAvroJson(false));
            Assert.Equal(name.EndsWith(", nullable", StringComparison.Ordinal) || name == "union string null", schema.Arrow.FieldsList[0].IsNullable);
            kept++;
        }

        Assert.True(kept > 80);
    }

    [Theory]
    [InlineData("\"boolean\"", "bool")]
    [InlineData("\"int\"", "int32")]
    [InlineData("\"long\"", "int64")]
    [InlineData("\"float\"", "float")]
    [InlineData("\"double\"", "double")]
    [InlineData("\"string\"", "utf8")]
    [InlineData("\"bytes\"", "binary")]
    [InlineData("""{"type":"fixed","name":"x","size":7}""", "fixed(7)")]
    [InlineData("""{"type":"enum","name":"x","symbols":["A"]}""", "utf8")]
    [InlineData("""{"type":"string","logicalType":"uuid"}""", "utf8")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}""", "decimal(12,2)")]
    [InlineData("""{"type":"fixed","name":"x","size":16,"logicalType":"decimal","precision":38,"scale":38}""", "decimal(38,38)")]
    [InlineData("""{"type":"int","logicalType":"date"}""", "date32")]
    [InlineData("""{"type":"int","logicalType":"time-millis"}""", "time(millisecond)")]
    [InlineData("""{"type":"long","logicalType":"time-micros"}""", "time(microsecond)")]
    [InlineData("""{"type":"long","logicalType":"timestamp-millis"}""", "timestamp(millisecond, UTC)")]
    [InlineData("""{"type":"long","logicalType":"timestamp-micros"}""", "timestamp(microsecond, UTC)")]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-millis"}""", "timestamp(millisecond, no time zone)")]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-micros"}""", "timestamp(microsecond, no time zone)")]
    [InlineData("""{"type":"array","items":["string","null"]}""", "list<utf8>")]
    [InlineData("""{"type":"map","values":["null","double"]}""", "map<utf8,double>")]
    [InlineData("""{"type":"record","name":"x","fields":[{"name":"a","type":"int"}]}""", "struct<a:int32>")]
    [InlineData("""["string"]""", "utf8")]
    [InlineData("""{"type":{"type":"long","logicalType":"timestamp-micros"}}""", "timestamp(microsecond, UTC)")]
    public void Avro_types_have_their_arrow_form(string avro, string arrow) =>
        Assert.Equal(arrow, ArrowTypes.Text(TableSchema.FromAvro(Record(avro)).Arrow.FieldsList[0].DataType));

    [Theory]
    [InlineData("""["int","string"]""", "Column f is a union of int, string")]
    [InlineData("""{"type":"array","items":["int","string"]}""", "Column f.element is a union")]
    [InlineData("""{"type":"long","logicalType":"timestamp-nanos"}""", "Column f is of the logical type 'timestamp-nanos' on long")]
    [InlineData("""{"type":"int","logicalType":"timestamp-millis"}""", "Column f is of the logical type 'timestamp-millis' on int")]
    [InlineData("\"null\"", "Column f is of the type null")]
    [InlineData("""{"type":"array","items":"r"}""", "Column f.element is of the recursive type r")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":39}""", "Column f is a decimal(39,0)")]
    [InlineData("\"strnig\"", "column f is of the unknown type 'strnig'")]
    [InlineData("""{"type":"bytes","logicalType":"decimal"}""", "column f is a decimal without a precision")]
    public void What_has_no_form_is_refused_by_column(string avro, string message) =>
        Assert.Contains(message, Assert.Throws<LakehouseException>(() => TableSchema.FromAvro(Record(avro))).Message);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"int\"")]
    [InlineData("""{"type":"record","name":"r"}""")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""")]
    public void What_is_no_record_schema_is_corrupt(string json) =>
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => TableSchema.FromAvro(json)).Kind);

    [Fact]
    public void A_named_type_used_again_keeps_its_logical_type()
    {
        var schema = TableSchema.FromAvro("""
            {"type":"record","name":"r","namespace":"n","fields":[
              {"name":"a","type":{"type":"fixed","name":"d","size":5,"logicalType":"decimal","precision":10,"scale":2}},
              {"name":"b","type":["d","null"]},{"name":"c","type":{"type":"array","items":"n.d"}}]}
            """);
        Assert.Equal(["decimal(10,2)", "decimal(10,2)", "list<decimal(10,2)>"], schema.Arrow.FieldsList.Select(f => ArrowTypes.Text(f.DataType)));
        Assert.Equal([false, true, false], schema.Arrow.FieldsList.Select(f => f.IsNullable));
    }

    [Fact]
    public void Attributes_that_the_engine_has_no_use_for_are_kept()
    {
        const string Json = """{"type":"record","name":"r","doc":"","aliases":["q"],"x":{"y":[1,1e2]},"fields":[{"name":"_hoodie_file_name","type":["null","string"],"default":null},{"name":"a","type":{"type":"string","avro.java.string":"String"},"doc":"","order":"ignore","default":"2020-01-01T00:00:00Z","aliases":["b"]}]}""";
        var schema = TableSchema.FromAvro(Json);
        var expected = JsonNode.Parse(Json)!;
        expected["fields"]!.AsArray().RemoveAt(0);
        AssertSameJson(expected.ToJsonString(), schema.ToAvroJson(false));
        Assert.Equal(["a"], schema.Root.Fields.Select(f => f.Name));
    }

    [Theory]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("")]
    public void Column_names_that_avro_does_not_allow_are_refused(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<LakehouseException>(() => TableSchema.FromArrow(new Schema([new Field(name, Int32Type.Default, true)], null), "t")).Message);

    [Fact]
    public void Columns_that_differ_only_in_case_are_refused() =>
        Assert.Contains("column Id", Assert.Throws<LakehouseException>(() => TableSchema.FromArrow(new Schema([new Field("id", Int32Type.Default, true), new Field("Id", Int32Type.Default, true)], null), "t")).Message);

    [Fact]
    public void User_types_without_an_avro_form_of_their_own_are_widened_or_refused()
    {
        Assert.Equal("int64", One(UInt32Type.Default));
        Assert.Equal("utf8", One(new DictionaryType(Int32Type.Default, LargeStringType.Default, false)));
        Assert.Equal("timestamp(millisecond, UTC)", One(new TimestampType(TimeUnit.Second, "Europe/Vienna")));
        Assert.Equal("fixed(3)", One(new FixedSizeBinaryType(3)));
        foreach (var type in new IArrowType[] { UInt64Type.Default, new TimestampType(TimeUnit.Nanosecond, "UTC"), HalfFloatType.Default, new Decimal256Type(40, 2), new MapType(Int32Type.Default, Int32Type.Default) })
        {
            Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => One(type)).Kind);
        }

        static string One(IArrowType type) => ArrowTypes.Text(TableSchema.FromArrow(new Schema([new Field("f", type, true)], null), "t").Arrow.FieldsList[0].DataType);
    }

    internal static void AssertSameJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}\nbut was  {actual}");

    private static string Record(string type) => $$"""{"type":"record","name":"r","fields":[{"name":"f","type":{{type}}}]}""";
}
