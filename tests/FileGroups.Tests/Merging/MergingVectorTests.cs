using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>What Hudi 1.2.0's own mergers and payload classes made of two records of one key.</summary>
public class MergingVectorTests
{
    [Fact]
    public async Task Mergers()
    {
        int count = 0;
        foreach (var v in Repository.Vectors("merging.jsonl").Where(v => v.GetProperty("op").GetString() == "merge"))
        {
            (string, string)[] partial = v.GetProperty("partialUpdate").GetString() is { } mode ? [("hoodie.table.partial.update.mode", mode)] : [];
            var rule = LogBatches.Rule(v.GetProperty("mode").GetString()!, partial);
            var (older, newer) = (Record(v.GetProperty("older")), Record(v.GetProperty("newer")));
            await CheckInLog(rule, [older, newer], v.GetProperty("deltaMerge"), older);
            if (!older.Deleted)
            {
                await Check(rule, [newer], older, v.GetProperty("finalMerge"), Record);
            }

            if (v.GetProperty("deltaMergeDelete").GetString() is { } delete)
            {
                await CheckInLog(rule, [older, newer with { FromDeleteBlock = true }], delete == "older stays" ? older : newer);
            }

            count++;
        }

        Assert.Equal(160, count);
    }

    [Theory]
    [InlineData("PartialUpdateAvroPayload")]
    [InlineData("OverwriteNonDefaultsWithLatestAvroPayload")]
    [InlineData("OverwriteWithLatestAvroPayload")]
    [InlineData("DefaultHoodieRecordPayload")]
    [InlineData("EventTimeAvroPayload")]
    public async Task Payload_classes(string name)
    {
        int count = 0;
        foreach (var v in Repository.Vectors("merging.jsonl").Where(v => v.GetProperty("op").GetString() == "payload" && v.GetProperty("class").GetString()!.Split('.')[^1] == name))
        {
            var (older, newer) = (PayloadRow(v.GetProperty("older")), PayloadRow(v.GetProperty("newer")));
            bool byMode = name is "DefaultHoodieRecordPayload" or "EventTimeAvroPayload";
            if (older.Deleted || (byMode && (older.Ts is null || newer.Ts is null)))
            {
                // A stored row is no delete. The two classes of event time are merged by the mode, which Mergers holds.
                continue;
            }

            await Check(LogBatches.PayloadRule(name), [newer], older, v.GetProperty("combineWithStored"), PayloadRow, WithDefault);
            count++;
        }

        Assert.True(count >= 24, $"{count} held");
    }

    // The records' schema gives b the default 7.
    private static readonly TableSchema WithDefault = TableSchema.FromAvro("""
        {"type":"record","name":"r","fields":[{"name":"id","type":"string"},{"name":"ts","type":["null","long"],"default":null},{"name":"a","type":["null","string"],"default":null},
        {"name":"b","type":"long","default":7},{"name":"_hoodie_is_deleted","type":["null","boolean"],"default":null}]}
        """);

    private static async Task CheckInLog(MergeRule rule, LogRow[] log, JsonElement expected, LogRow older)
    {
        if (IsError(expected))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => CheckInLog(rule, log, older));
            return;
        }

        await CheckInLog(rule, log, expected.ValueKind == JsonValueKind.Null ? older : Record(expected));
    }

    // What the log holds shows in what it makes of no base row, of an old one and of a new one: a delete without ordering value removes the new one too.
    private static async Task CheckInLog(MergeRule rule, LogRow[] log, LogRow expected)
    {
        foreach (long? ts in (long?[])[null, 1, 100])
        {
            if (ts is not null && expected is { Ts: null, Deleted: false } && rule.OrderingColumns.Count > 0)
            {
                // Not comparable with a base row.
                await Assert.ThrowsAsync<LakehouseException>(new LogMergeOutcome(rule, log, ts).RunAsync);
                continue;
            }

            Assert.Equal(await new LogMergeOutcome(rule, [expected], ts).RunAsync(), await new LogMergeOutcome(rule, log, ts).RunAsync());
        }
    }

    private static async Task Check(MergeRule rule, LogRow[] log, LogRow stored, JsonElement expected, Func<JsonElement, LogRow> read, TableSchema? schema = null)
    {
        var run = new LogMergeOutcome(rule, log, stored, schema);
        if (IsError(expected))
        {
            await Assert.ThrowsAsync<LakehouseException>(run.RunAsync);
            return;
        }

        var wanted = expected.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => stored,
            _ => read(expected) is { Deleted: false } row ? row : null,
        };
        Assert.Equal(wanted?.Plain, await run.RunAsync());
    }

    private static bool IsError(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("error", out _);

    private static LogRow Record(JsonElement record)
    {
        bool deleted = record.GetProperty("delete").GetBoolean();
        var ordering = record.GetProperty("ordering");
        long? ts = ordering.GetProperty("class").GetString() == "java.lang.Integer" ? null : long.Parse(ordering.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);
        if (!record.TryGetProperty("record", out var values))
        {
            return new LogRow("k", ts) { Deleted = deleted };
        }

        return new LogRow("k", Number(values, "ts"), values.GetProperty("a").GetString(), Number(values, "b")) { Deleted = deleted };
    }

    private static LogRow PayloadRow(JsonElement values) => new("k", Number(values, "ts"), values.GetProperty("a").GetString(), Number(values, "b"))
    {
        Deleted = values.GetProperty("_hoodie_is_deleted").ValueKind == JsonValueKind.True,
    };

    private static long? Number(JsonElement values, string name) => values.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
