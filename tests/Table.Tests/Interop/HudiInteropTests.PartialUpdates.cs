using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <summary>Tables whose rows are updated in part: created by real Hudi, since there the payload class decides the mode, and written by either.</summary>
public sealed partial class HudiInteropTests
{
    private const string PartialDdl = "id string, ts bigint, a string, b string, n int, _hoodie_is_deleted boolean";
    private const string DebeziumDdl = "id string, ts bigint, a string, Op string, _event_lsn bigint, _change_operation_type string, _event_seq string, _event_bin_file string, _event_pos bigint";

    public static TheoryData<string, int, TableType> Payloads
    {
        get
        {
            var data = new TheoryData<string, int, TableType>();
            foreach (var payload in (string[])["PartialUpdateAvroPayload", "OverwriteNonDefaultsWithLatestAvroPayload", "AWSDmsAvroPayload", "debezium.PostgresDebeziumAvroPayload"])
            {
                foreach (var version in (int[])[9, 8, 6])
                {
                    data.Add(payload, version, TableType.CopyOnWrite);
                    data.Add(payload, version, TableType.MergeOnRead);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Rows_updated_in_part_become_what_Hudi_makes_of_them(string payload, int version, TableType type)
    {
        var hudi = RequireHudi();
        var isChangeData = payload.Contains("Dms", StringComparison.Ordinal) || payload.Contains("debezium", StringComparison.Ordinal);
        var ddl = isChangeData ? DebeziumDdl : PartialDdl;
        var (theirs, ours) = (Path.Combine(root, "theirs"), Path.Combine(root, "ours"));
        var first = string.Join('\n', isChangeData ? Enumerable.Range(1, 8).Select(k => Event(k, 10, "A")) : Enumerable.Range(1, 16).Where(k => k != 7).Select(k => k == 3 ? Part(k, 10, null, "B", null) : Part(k, 10, "A", "B", 1)));
        WritePart(hudi, theirs, "insert", payload, version, type, ddl, first);
        Copy(theirs, ours);

        // The same rows, written by Hudi to one table and here to the other.
        string[] lines = isChangeData ? Events : Parts;
        WritePart(hudi, theirs, "upsert", payload, version, type, ddl, string.Join('\n', lines));
        await using var table = await LakehouseTable.OpenAsync(ours);
        var schema = TableSchema.FromDdl(ddl, "t");
        await table.UpsertAsync(Read(schema, lines));
        var expected = ByCommit(Ask(hudi, theirs, "snapshot", []));
        Assert.Equal(expected, ByCommit(await ReadAsync(table, new ReadOptions())));
        Assert.Equal(expected, ByCommit(Ask(hudi, ours, "snapshot", [])));

        // In turns.
        string[] more = isChangeData ? [Event(1, 40, Unavailable), Event(6, 3, "late")] : [Part(1, 40, null, "B40", null), Part(2, 4, null, null, 44), Part(16, 11, "A11", null, null)];
        WritePart(hudi, ours, "upsert", payload, version, type, ddl, string.Join('\n', more));
        await SameAsync(hudi, table, ours, "Hudi's upsert over ours");
        await table.UpsertAsync(Read(schema, isChangeData ? [Event(1, 50, "last"), Event(30, 1, "new")] : [Part(1, 50, "A50", null, null), Part(30, 1, "new", null, null)]));
        await SameAsync(hudi, table, ours, "our upsert over Hudi's");
        await table.DeleteAsync(Read(schema, [isChangeData ? Event(5, 0, null) : Part(5, 0, null, null, null)]));
        await SameAsync(hudi, table, ours, "our delete");
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            await SameAsync(hudi, table, ours, "our compaction");
        }
    }

    [Theory]
    [InlineData("IGNORE_DEFAULTS", true, TableType.CopyOnWrite)]
    [InlineData("IGNORE_DEFAULTS", false, TableType.MergeOnRead)]
    [InlineData("FILL_UNAVAILABLE", true, TableType.MergeOnRead)]
    [InlineData("FILL_UNAVAILABLE", false, TableType.CopyOnWrite)]
    public async Task Hudi_goes_on_with_partial_updates_of_tables_created_here(string mode, bool eventTime, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "t");
        var schema = TableSchema.FromDdl(PartialDdl, "t");
        var properties = new Dictionary<string, string> { ["hoodie.table.partial.update.mode"] = mode };
        if (mode == "FILL_UNAVAILABLE")
        {
            properties["hoodie.record.merge.property.hoodie.write.partial.update.unavailable.value"] = "n/a";
        }

        var options = new TableOptions { Name = "t", Type = type, Keys = ["id"], Ordering = ["ts"], MergeMode = eventTime ? MergeMode.EventTime : MergeMode.CommitTime, Properties = properties };
        await using var table = await LakehouseTable.CreateAsync(new LocalObjectStore(path), schema, options, null, default);
        await table.InsertAsync(Read(schema, Enumerable.Range(1, 15).Select(k => Part(k, 10, "A", k == 3 ? "n/a" : null, 1))));
        foreach (var ts in (int[])[20, 15, 9, 25])
        {
            string[] rows = [Part(1, ts, "n/a", "B" + ts, null), Part(2, ts, null, null, ts), Part(3, ts, "A" + ts, ts == 15 ? "B" : "n/a", null), Part(4, ts, "n/a", "n/a", 7, ts == 25), Part(50 + ts, ts, "n/a", null, null)];
            if (ts % 2 == 0)
            {
                await table.UpsertAsync(Read(schema, rows));
            }
            else
            {
                Write(hudi, path, 9, false, type, string.Join('\n', rows), PartialDdl);
            }

            await SameAsync(hudi, table, path, $"rows of {ts}");
        }

        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            await SameAsync(hudi, table, path, "our compaction");
        }
    }

    [Theory]
    [InlineData("v9/mor_payload_partial_update")]
    [InlineData("v8/mor_payload_partial_update")]
    [InlineData("v6/mor_payload_partial_update")]
    [InlineData("v9/mor_payload_overwrite_non_defaults")]
    [InlineData("v8/mor_payload_overwrite_non_defaults")]
    [InlineData("v6/mor_payload_overwrite_non_defaults")]
    public async Task Golden_tables_are_written_on(string name)
    {
        var hudi = RequireHudi();
        var path = Golden.Open(name).CopyTable();
        try
        {
            await using var table = await LakehouseTable.OpenAsync(path);
            var schema = await (await table.RefreshAsync()).GetSchemaAsync();
            var columns = schema.Arrow.FieldsList.Select(f => f.Name).ToList();
            foreach (var later in (int[])[100, -5_000, 7_000])
            {
                // Every row once more, another column given in each; ordering values above and below those stored.
                var stored = await ReadAsync(table, new ReadOptions { Columns = columns });
                var rows = stored.Select((row, i) => JsonSerializer.Serialize(columns.ToDictionary(
                    c => c,
                    c => c == "ts" ? (object)(row.GetProperty(c).GetInt64() + later) : c is "id" or "city" || i % columns.Count == columns.IndexOf(c) ? row.GetProperty(c) : null)));
                await table.UpsertAsync(Read(schema, rows), new WriteOptions { DropMetadataTable = true });
                await SameAsync(hudi, table, path, $"our upsert {later}");
            }

            await table.CompactAsync(new CompactionOptions { DropMetadataTable = true });
            await SameAsync(hudi, table, path, "our compaction");
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private const string Unavailable = "__debezium_unavailable_value";

    // Winners and losers, complete and not, deletes before and after, several rows of one key.
    private static string[] Parts =>
    [
        Part(1, 20, "A20", null, null), Part(2, 5, "A5", "B5", 5), Part(3, 5, "A5", null, 5), Part(4, 20, "A20", null, 2), Part(4, 15, "A15", "B15", null),
        Part(5, 15, "A15", "B15", null), Part(5, 20, "A20", null, 2), Part(6, 20, "X", null, null), Part(6, 20, null, "Y", null), Part(7, 20, "X", null, null), Part(7, 10, null, "Y", 3),
        Part(8, 20, "A", null, null, true), Part(9, 20, "A20", null, null), Part(9, 25, null, null, null, true), Part(10, 25, null, null, null, true), Part(10, 20, "A20", null, null),
        Part(11, 20, null, null, null, true), Part(11, 25, "A25", null, null), Part(13, 20, "X", null, null), Part(13, 30, null, null, 7), Part(13, 10, null, "Z", null),
        Part(14, 5, null, null, null, true), Part(15, 5, null, null, null),
    ];

    private static string[] Events =>
    [
        Event(1, 20, "x"), Event(1, 15, "y"), Event(2, 20, "x"), Event(2, 20, "y"), Event(3, 20, "x"), Event(3, 25, Unavailable), Event(4, 25, "x", "D"), Event(4, 20, "y"),
        Event(5, 5, "z"), Event(6, 20, Unavailable), Event(7, 20, "x", "D"), Event(9, 20, "new"), Event(9, 25, Unavailable),
    ];

    private static string Part(int key, long ts, string? a, string? b, int? n, bool deleted = false) =>
        JsonSerializer.Serialize(new { id = $"k{key:D2}", ts, a, b, n, _hoodie_is_deleted = deleted });

    private static string Event(int key, long ts, string? a, string op = "I") => JsonSerializer.Serialize(new
    {
        id = $"k{key:D2}", ts, a, Op = op, _event_lsn = ts, _change_operation_type = op == "D" ? "d" : "u", _event_seq = "1." + ts, _event_bin_file = "1", _event_pos = ts,
    });

    private static IAsyncEnumerable<RecordBatch> Read(TableSchema schema, IEnumerable<string> lines) =>
        JsonLinesReader.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))), schema.Arrow);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    // Rows with the number of the commit that wrote them, in place of its time.
    private static List<string> ByCommit(IReadOnlyList<JsonElement> rows)
    {
        var commits = rows.Select(r => r.GetProperty("_hoodie_commit_time").GetString()!).Distinct().Order(StringComparer.Ordinal).ToList();
        return [.. rows.Select(r => string.Join(' ', r.EnumerateObject().Where(p => !p.Name.StartsWith("_hoodie_", StringComparison.Ordinal) && p.Value.ValueKind != JsonValueKind.Null).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.ToString()))
            + " commit " + commits.IndexOf(r.GetProperty("_hoodie_commit_time").GetString()!)).Order(StringComparer.Ordinal)];
    }

    private void WritePart(Oracle hudi, string path, string operation, string payload, int version, TableType type, string ddl, string lines)
    {
        var input = Path.Combine(root, "in.jsonl");
        File.WriteAllText(input, lines + "\n");
        hudi.Ask(new JsonObject
        {
            ["op"] = "write",
            ["table"] = path,
            ["operation"] = operation,
            ["mode"] = operation == "insert" ? "overwrite" : "append",
            ["input"] = input,
            ["schema"] = ddl,
            ["options"] = new JsonObject
            {
                ["hoodie.table.name"] = "t",
                ["hoodie.datasource.write.table.type"] = type == TableType.CopyOnWrite ? "COPY_ON_WRITE" : "MERGE_ON_READ",
                ["hoodie.write.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["hoodie.write.auto.upgrade"] = "false",
                ["hoodie.datasource.write.recordkey.field"] = "id",
                ["hoodie.datasource.write.partitionpath.field"] = "",
                ["hoodie.datasource.write.precombine.field"] = payload.Contains("debezium", StringComparison.Ordinal) ? "_event_lsn" : "ts",
                ["hoodie.datasource.write.payload.class"] = "org.apache.hudi.common.model." + payload,
                ["hoodie.metadata.enable"] = "false",
                ["hoodie.compact.inline"] = "false",
            },
        });
    }
}
