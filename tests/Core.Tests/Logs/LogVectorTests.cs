using System.Text.Json;
using Apache.Arrow;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>Log files that Hudi's writer wrote, some damaged afterwards: the reader gives what Hudi's reader gave.</summary>
public sealed class LogVectorTests
{
    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "vectors", "log-blocks"))
        .SelectMany(version => Directory.GetDirectories(version)).Select(c => Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "vectors", "log-blocks"), c)).Order()];

    internal static string FolderOf(string name) => Path.Combine(Repository.Root, "tests", "vectors", "log-blocks", name);

    internal static JsonElement Answer(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(FolderOf(name), "blocks.json"))).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task BlocksAreWhatHudiReads(string name)
    {
        var store = new LocalObjectStore(FolderOf(name));
        foreach (var file in Answer(name).GetProperty("files").EnumerateArray())
        {
            var path = file.GetProperty("fileName").GetString()!;
            var blocks = await LogFileReader.ReadBlocksAsync(store, path, file.GetProperty("length").GetInt64(), CancellationToken.None).ToListAsync();
            var expected = file.GetProperty("blocks").EnumerateArray().ToList();
            Assert.Equal(expected.Select(Frame), blocks.Select(Frame));
            var reader = new LogBlockReader(store, ParquetSharpFormat.Instance);
            for (int i = 0; i < blocks.Count; i++)
            {
                await CheckContentAsync(reader, blocks[i], expected[i]);
            }
        }
    }

    private static async Task CheckContentAsync(LogBlockReader reader, LogBlock block, JsonElement expected)
    {
        if (block.HasRows)
        {
            var root = AvroTypeParser.Parse(AvroTypeParser.Json(block.Header(LogHeader.Schema)!));
            var rows = new List<string>();
            await foreach (var batch in reader.ReadRowsAsync(block, reader.SchemaOf(block), AvroToArrow.Convert(root), 5, CancellationToken.None))
            {
                using (batch)
                {
                    Assert.InRange(batch.Length, 1, 5);
                    rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => AvroValueText.Of(batch, root, row)));
                }
            }

            Assert.Equal(expected.GetProperty("records").EnumerateArray().Select(AvroValueText.Of), rows);
        }
        else if (block.Type == LogBlockType.Delete)
        {
            CheckDeletes(await reader.ReadDeletesAsync(block, CancellationToken.None), expected.GetProperty("deletes").EnumerateArray().ToList());
        }

        if (block.Header(LogHeader.RecordPositions) is { } positions)
        {
            Assert.Equal(expected.GetProperty("positions").EnumerateArray().Select(p => p.GetInt64()), RecordPositions.Decode(positions));
        }
    }

    private static void CheckDeletes(LogDeletes deletes, List<JsonElement> expected)
    {
        Assert.Equal(expected.Select(d => d.GetProperty("recordKey").GetString()), Enumerable.Range(0, deletes.Count).Select(row => deletes.Keys.GetString(row)));
        Assert.Equal(expected.Select(d => d.GetProperty("partitionPath").GetString()), Enumerable.Range(0, deletes.Count).Select(row => deletes.PartitionPaths.GetString(row)));
        for (int row = 0; row < expected.Count; row++)
        {
            var value = expected[row].GetProperty("orderingValue").GetString()!;
            var javaClass = expected[row].GetProperty("orderingValueClass").GetString()!;
            Assert.Equal(javaClass == "java.lang.Integer" && value == "0", deletes.IsCommitTime(row));
            var (ddl, fields) = Column(javaClass);
            var ordering = deletes.OrderingAs(TableSchema.FromDdl(ddl, "t"), fields);
            var text = string.Join(", ", ordering.Select(o => AvroValueText.Of(o.Data, TableSchema.FromDdl(ddl, "t").Root.Fields[System.Array.IndexOf(ordering, o)].Type, row)));
            Assert.Equal(deletes.IsCommitTime(row) ? "null" : Shown(javaClass, value), text);
        }
    }

    /// <summary>A table whose ordering columns have the type that a delete's value is of.</summary>
    private static (string Ddl, string[] Fields) Column(string javaClass) => javaClass switch
    {
        "java.lang.Integer" => ("o int", ["o"]),
        "java.lang.Long" => ("o bigint", ["o"]),
        "java.lang.Float" => ("o float", ["o"]),
        "java.lang.Double" => ("o double", ["o"]),
        "java.lang.Boolean" => ("o boolean", ["o"]),
        "java.lang.String" => ("o string", ["o"]),
        "java.math.BigDecimal" => ("o decimal(10,2)", ["o"]),
        "java.sql.Date" => ("o date", ["o"]),
        "java.sql.Timestamp" => ("o timestamp", ["o"]),
        "java.nio.HeapByteBuffer" => ("o binary", ["o"]),
        _ => ("o int, p string", ["o", "p"]),
    };

    private static string Shown(string javaClass, string value) => javaClass switch
    {
        "java.lang.String" => JsonSerializer.Serialize(value),
        "java.math.BigDecimal" => "<AAAAAJY=>", // 1.50
        "java.sql.Date" => "19782", // 2024-02-29
        "java.sql.Timestamp" => "1709210096789000",
        "java.nio.HeapByteBuffer" => "<AQI=>",
        "org.apache.hudi.common.util.collection.ArrayComparable" => "1, \"a\"",
        _ => value,
    };

    private static string Frame(LogBlock block) =>
        $"{(int)block.Type} {block.Start} {block.ContentStart} {block.ContentLength} {block.End} {string.Join("; ", block.Headers.Select(h => $"{Name(h.Key)}={h.Value}").Order(StringComparer.Ordinal))}";

    private static string Frame(JsonElement block) =>
        $"{Type(block)} {block.GetProperty("start")} {block.GetProperty("contentStart")} {block.GetProperty("contentLength")} {block.GetProperty("blockEnd")} "
        + string.Join("; ", block.GetProperty("headers").EnumerateObject().Select(h => $"{h.Name}={h.Value.GetString()}").Order(StringComparer.Ordinal));

    private static int Type(JsonElement block) => block.GetProperty("typeOrdinal").GetInt32();

    private static string Name(LogHeader header) => string.Concat(header.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
