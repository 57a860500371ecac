using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Schemas;

public class GoldenSchemaTests
{
    [Fact]
    public void The_schemas_of_all_commits_of_the_goldens_are_read_and_kept()
    {
        int seen = 0;
        foreach (var zip in Directory.EnumerateFiles(Repository.Goldens, "*.zip", SearchOption.AllDirectories))
        {
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries.Where(e => e.FullName.Contains("/.hoodie/") && !e.FullName.Contains("/metadata/") && (e.Name.EndsWith(".commit", StringComparison.Ordinal) || e.Name.EndsWith(".replacecommit", StringComparison.Ordinal))))
            {
                using var stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                foreach (var json in Schemas(bytes.ToArray()))
                {
                    var schema = TableSchema.FromAvro(json);
                    TableSchemaTests.AssertSameJson(schema.ToAvroJson(false), TableSchema.FromAvro(schema.ToAvroJson(true)).ToAvroJson(false));
                    Assert.DoesNotContain(schema.Arrow.FieldsList, f => f.Name.StartsWith("_hoodie_", StringComparison.Ordinal));
                    Assert.Equal(schema.Arrow.FieldsList.Select(f => f.Name), ((Avro.RecordSchema)Avro.Schema.Parse(schema.ToAvroJson(withMetaColumns: false))).Fields.Select(f => f.Name));
                    seen++;
                }
            }
        }

        Assert.True(seen > 100, $"only {seen} schemas");
    }

    [Fact]
    public void The_types_golden_has_the_types_that_spark_shows()
    {
        foreach (var version in new[] { "v6", "v8", "v9" })
        {
            using var archive = ZipFile.OpenRead(Path.Combine(Repository.Goldens, version, "cow_types.zip"));
            using var scenario = JsonDocument.Parse(archive.GetEntry("expected/scenario.json")!.Open());
            var expected = SparkTypes.Schema(scenario.RootElement.GetProperty("schema").GetRawText()).FieldsList.Where(f => !MetaColumns.Contains(f.Name)).ToArray();
            var bytes = new MemoryStream();
            archive.Entries.Last(e => e.FullName.Contains("/.hoodie/") && e.Name.EndsWith(".commit", StringComparison.Ordinal) && !e.FullName.Contains("/metadata/")).Open().CopyTo(bytes);
            var schema = TableSchema.FromAvro(Schemas(bytes.ToArray()).Last());
            Assert.Equal(expected.Length, schema.Arrow.FieldsList.Count);
            Assert.All(expected.Zip(schema.Arrow.FieldsList), p => Assert.True(ArrowTypes.Identical(p.First, p.Second), $"{version} {p.First.Name}: {ArrowTypes.Text(p.Second.DataType)}"));
        }
    }

    /// <summary>The table schemas in a commit file, whether it is JSON or an Avro container (where texts stand as they are).</summary>
    private static IEnumerable<string> Schemas(byte[] commit)
    {
        if (commit.Length > 0 && commit[0] == '{')
        {
            using var document = JsonDocument.Parse(commit);
            if (document.RootElement.GetProperty("extraMetadata").TryGetProperty("schema", out var schema) && schema.GetString() is { Length: > 0 } text)
            {
                yield return text;
            }

            yield break;
        }

        byte[] mark = Encoding.UTF8.GetBytes("{\"type\":\"record\",\"name\":");
        for (int at = commit.AsSpan().IndexOf(mark); at >= 0;)
        {
            var reader = new Utf8JsonReader(commit.AsSpan(at), isFinalBlock: true, default);
            reader.Read();
            reader.Skip();
            int length = (int)reader.BytesConsumed;
            var text = Encoding.UTF8.GetString(commit.AsSpan(at, length));
            if (!text.Contains("org.apache.hudi.avro.model"))
            {
                yield return text;
            }

            int next = commit.AsSpan(at + length).IndexOf(mark);
            at = next < 0 ? -1 : at + length + next;
        }
    }
}
