using System.Text.Json;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>What Hudi's own key generators answered, by their Avro path, through the vectorised ones.</summary>
public class VectorTests
{
    // Where we refuse what Hudi accepts, on purpose: lines of the file, from 1.
    private static readonly Dictionary<int, string> Refused = new()
    {
        [13] = "'/'", [14] = "'/'", [231] = "'/'", [237] = "'/'", [243] = "'/'",
        [57] = "leaves", [59] = "leaves", [61] = "leaves", [63] = "leaves",
        [261] = "no column 'missing'",
    };

    [Fact]
    public void Keys_and_paths_are_Hudis()
    {
        int line = 0;
        var wrong = new List<string>();
        foreach (var v in Repository.Vectors("key-generators.jsonl"))
        {
            line++;
            var expected = v.TryGetProperty("result", out var result) ? result : v.GetProperty("avro");
            foreach (int copies in (int[])[1, 3])
            {
                Check(v, expected, line, copies, wrong);
            }
        }

        Assert.Equal(493, line);
        Assert.True(wrong.Count == 0, wrong.Count + " wrong:\n" + string.Join("\n", wrong.Take(30)));
    }

    private static void Check(JsonElement v, JsonElement expected, int line, int copies, List<string> wrong)
    {
        string? key = Expected(expected, "recordKey");
        string? path = Expected(expected, "partitionPath");
        string? actualKey = null;
        string? actualPath = null;
        string? error = null;
        try
        {
            var keys = KeyGeneratorFactory.Create(Settings(v)).Generate(VectorRow.Batch(v.GetProperty("row"), copies));
            actualKey = Enumerable.Range(0, copies).Select(i => keys.RecordKeys.GetString(i)).Distinct().Single();
            actualPath = keys.PartitionPaths.Single();
            Assert.Equal(Enumerable.Repeat(0, copies), keys.PartitionCodes);
        }
        catch (LakehouseException e)
        {
            error = e.Message;
        }

        if (Refused.TryGetValue(line, out string? why))
        {
            if (error is null || !error.Contains(why))
            {
                wrong.Add($"{line}: not refused: {error}");
            }
        }
        else if (key is null || path is null ? error is null : actualKey != key || actualPath != path)
        {
            wrong.Add($"{line}: expected {key} in {path}, got {actualKey} in {actualPath} {error}");
        }
    }

    private static string? Expected(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static KeyGeneratorSettings Settings(JsonElement v)
    {
        var options = v.GetProperty("options").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        string[] List(string name) => options.GetValueOrDefault("hoodie.datasource.write." + name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        bool Flag(string name) => options.GetValueOrDefault("hoodie.datasource.write." + name) == "true";
        var kind = Enum.Parse<KeyGeneratorType>(v.GetProperty("class").GetString()!.Replace("KeyGenerator", "").Replace("Nonp", "NonP").Replace("TimestampBased", "Timestamp"));
        return new KeyGeneratorSettings
        {
            Kind = kind,
            RecordKeyFields = List("recordkey.field"),
            PartitionFields = [.. List("partitionpath.field").Select(f => Part(f, kind))],
            HiveStyle = Flag("hive_style_partitioning"),
            UrlEncode = Flag("partitionpath.urlencode"),
            SlashSeparatedDates = Flag("slash.separated.date.partitioning"),
            TimestampsAsText = Flag("keygenerator.consistent.logical.timestamp.enabled"),
            Timebased = options,
        };
    }

    private static PartitionField Part(string field, KeyGeneratorType kind) =>
        kind == KeyGeneratorType.Custom && field.Split(':') is [var name, var type]
            ? new PartitionField(name, Enum.TryParse<PartitionFieldType>(type, true, out var known) ? known : null) : new PartitionField(field);
}
