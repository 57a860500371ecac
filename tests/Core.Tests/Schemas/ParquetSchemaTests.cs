using System.Text.Json;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class ParquetSchemaTests
{
    private static IEnumerable<JsonElement> AvroToParquetVectors => Repository.Vectors("avro-parquet-schemas.jsonl").Where(v => v.GetProperty("op").GetString() == "avroToParquet");

    [Fact]
    public void Avro_becomes_the_parquet_schema_that_hudi_writes()
    {
        foreach (var v in AvroToParquetVectors)
        {
            Assert.Equal(v.GetProperty("parquetNewLists").GetString(), ParquetSchemaText.Of(Parquet(v)));
        }
    }

    [Fact]
    public void Parquet_read_back_as_java_does_has_its_list_records()
    {
        foreach (var v in AvroToParquetVectors)
        {
            TableSchemaTests.AssertSameJson(v.GetProperty("avroBackNewLists").GetString()!, ParquetToAvro.Convert(Parquet(v), threeLevelLists: false).ToJsonString());
        }
    }

    [Fact]
    public void Two_level_lists_are_read_back()
    {
        int seen = 0;
        foreach (var v in AvroToParquetVectors.Where(v => v.GetProperty("parquetOldLists").GetString() != v.GetProperty("parquetNewLists").GetString()))
        {
            var old = TwoLevel(Parquet(v));
            Assert.Equal(v.GetProperty("parquetOldLists").GetString(), ParquetSchemaText.Of(old));
            foreach (bool ours in new[] { true, false })
            {
                TableSchemaTests.AssertSameJson(v.GetProperty("avroBackOldLists").GetString()!, ParquetToAvro.Convert(old, ours).ToJsonString());
            }

            seen++;
        }

        Assert.True(seen > 10);
    }

    [Fact]
    public void A_file_without_an_avro_schema_gets_the_arrow_types_that_were_written()
    {
        foreach (var v in AvroToParquetVectors.Where(v => !v.GetProperty("name").GetString()!.StartsWith("union", StringComparison.Ordinal)))
        {
            var written = TableSchema.FromAvro(v.GetProperty("avro").GetString()!);
            var read = TableSchema.FromParquet(AvroToParquet.Convert(written.Root));
            Assert.True(ArrowTypes.Identical(written.Arrow.FieldsList[0], read.Arrow.FieldsList[0]), $"{v.GetProperty("name")}: {read.ToAvroJson(false)}");
        }
    }

    [Fact]
    public void Old_annotations_and_other_physical_forms_are_understood()
    {
        var root = SchemaNode.Build(
            [
                new SchemaElement { Name = "spark_schema", NumChildren = 4 },
                new SchemaElement { Name = "s", Type = ParquetType.ByteArray, Repetition = ParquetRepetition.Optional, ConvertedType = ConvertedType.Utf8 },
                new SchemaElement { Name = "d", Type = ParquetType.Int64, Repetition = ParquetRepetition.Optional, ConvertedType = ConvertedType.Decimal, Precision = 10, Scale = 2 },
                new SchemaElement { Name = "t", Type = ParquetType.Int96, Repetition = ParquetRepetition.Required },
                new SchemaElement { Name = "a", NumChildren = 1, Repetition = ParquetRepetition.Optional, ConvertedType = ConvertedType.List },
                new SchemaElement { Name = "bag", NumChildren = 1, Repetition = ParquetRepetition.Repeated },
                new SchemaElement { Name = "array_element", Type = ParquetType.Int32, Repetition = ParquetRepetition.Optional, ConvertedType = ConvertedType.Date },
            ],
            null);
        var schema = TableSchema.FromParquet(ParquetNode.From(root));
        Assert.Equal("s string,\nd decimal(10,2),\nt timestamp not null,\na array<date>", schema.ToDdl());
    }

    private static ParquetNode Parquet(JsonElement vector) => AvroToParquet.Convert(AvroTypeParser.Parse(AvroTypeParser.Json(vector.GetProperty("avro").GetString()!)));

    /// <summary>The same schema with Java's default list structure: the repeated node is the element.</summary>
    private static ParquetNode TwoLevel(ParquetNode node)
    {
        if (node.Logical?.Kind == LogicalKind.List)
        {
            return node with { Children = [TwoLevel(node.Children[0].Children[0]) with { Name = "array", Repetition = ParquetRepetition.Repeated }] };
        }

        return node with { Children = [.. node.Children.Select(TwoLevel)] };
    }
}
