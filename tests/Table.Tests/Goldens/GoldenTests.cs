using System.Text.Json;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Table.Tests.Goldens;

/// <summary>Tables written by real Apache Hudi (and hudi-rs): every snapshot, time travel and incremental query gives what Hudi gives.</summary>
public class GoldenTests
{
    // Its zip holds the files of two runs, its answers only the second.
    private const string TwoRuns = "v9/cow_schema_on_read";

    public static TheoryData<string, ParquetReader> Tables()
    {
        var tables = new TheoryData<string, ParquetReader>();
        foreach (var name in Golden.Names().Where(n => n != TwoRuns))
        {
            tables.Add(name, ParquetReader.Native);
            tables.Add(name, ParquetReader.Managed);
        }

        return tables;
    }

    /// <summary>With one reader files come from the metadata table, where there is one, with the other from listing folders.</summary>
    private static LakehouseOptions Options(ParquetReader reader) => new() { ParquetReader = reader, UseMetadataTable = reader == ParquetReader.Native };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Every_query_gives_what_Hudi_gives(string name, ParquetReader reader)
    {
        var golden = Golden.Open(name);
        await using var table = await LakehouseTable.OpenAsync(golden.Table, Options(reader));
        var schema = golden.Scenario.GetProperty("schema");
        var skip = Skipped(golden.Scenario);
        var asked = 0;
        var wrong = new List<string>();
        foreach (var file in golden.Answers(string.Empty))
        {
            var query = Path.GetFileNameWithoutExtension(file);
            if (skip.Contains(query) || Options(query) is not { } options)
            {
                continue;
            }

            asked++;
            if (GoldenRows.Difference(GoldenRows.Count(Golden.Rows(file), schema), GoldenRows.Count(await ReadAsync(table, options), schema)) is { } difference)
            {
                wrong.Add($"{query}: {difference}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(asked > 0, "The golden asks nothing.");
    }

    [Theory]
    [MemberData(nameof(ChangeFeeds))]
    public async Task Every_change_feed_gives_what_Hudi_gives(string name, ParquetReader reader)
    {
        var golden = Golden.Open(name);
        await using var table = await LakehouseTable.OpenAsync(golden.Table, Options(reader));
        var asked = 0;
        foreach (var file in golden.Answers("cdc_"))
        {
            asked++;
            var range = Path.GetFileNameWithoutExtension(file).Split('_');
            var found = await ReadAsync(table.ReadChangesAsync(range[1], range[2]), await table.GetChangesSchemaAsync());
            Assert.Null(GoldenRows.Difference(GoldenRows.CountChanges(Golden.Rows(file), golden.Scenario.GetProperty("schema")), GoldenRows.CountChanges(found, golden.Scenario.GetProperty("schema"))));
        }

        Assert.True(asked > 0, "The golden asks nothing.");
    }

    public static TheoryData<string, ParquetReader> ChangeFeeds()
    {
        var tables = new TheoryData<string, ParquetReader>();
        foreach (var name in Golden.Names().Where(n => n.Contains("_cdc", StringComparison.Ordinal)))
        {
            tables.Add(name, ParquetReader.Native);
            tables.Add(name, ParquetReader.Managed);
        }

        return tables;
    }

    [Theory]
    [InlineData("v9/cow_cdc")]
    [InlineData("v9/cow_cdc_keys_only")]
    [InlineData("v9/mor_cdc")]
    public async Task A_change_feed_as_objects_leads_from_the_beginning_to_the_snapshot(string name)
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open(name).Table);
        var rows = new Dictionary<string, Ride>();
        await foreach (var change in table.ReadChangesAsync<Ride>("000"))
        {
            var key = (change.After ?? change.Before)!.Id;
            Assert.Equal(change.Before, rows.GetValueOrDefault(key));
            Assert.Equal(change.Kind, change.Before is null ? ChangeKind.Inserted : change.After is null ? ChangeKind.Deleted : ChangeKind.Updated);
            if (change.After is { } after)
            {
                rows[key] = after;
            }
            else
            {
                rows.Remove(key);
            }
        }

        Assert.Equal((await table.ReadAsync<Ride>().ToListAsync()).OrderBy(r => r.Id), rows.Values.OrderBy(r => r.Id));
    }

    private sealed record Ride(string Id, long Ts, string? Rider, double? Fare);

    [Fact]
    public async Task A_table_without_change_data_has_no_feed()
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open("v9/cow_partitioned").Table);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await ReadAsync(table.ReadChangesAsync("000"), await table.GetChangesSchemaAsync()));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("hoodie.table.cdc.enabled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_goldens_of_each_version() =>
        Assert.Equal(["rs", "v6", "v8", "v9"], Golden.Names().Select(n => n.Split('/')[0]).Distinct().Order());

    private static HashSet<string> Skipped(JsonElement scenario)
    {
        var skipped = new HashSet<string>();
        if (scenario.TryGetProperty("errors", out var errors))
        {
            skipped.UnionWith(errors.EnumerateObject().Select(e => e.Name));
        }

        if (scenario.TryGetProperty("unsettled", out var unsettled))
        {
            skipped.UnionWith(unsettled.EnumerateArray().Select(e => e.GetString()!));
        }

        return skipped;
    }

    private static ReadOptions? Options(string query) => query.Split('_') switch
    {
        ["snapshot"] => new ReadOptions { PartitionColumns = PartitionColumnForm.Spark },
        ["read", "optimized"] => new ReadOptions { ReadOptimized = true, PartitionColumns = PartitionColumnForm.Spark },
        ["asof", var time] => new ReadOptions { AsOf = time, PartitionColumns = PartitionColumnForm.Spark },
        ["incr", var begin, var end] => new ReadOptions { Begin = begin, End = end, PartitionColumns = PartitionColumnForm.Spark },
        _ => null,
    };

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(LakehouseTable table, ReadOptions options) => await ReadAsync(table.ReadAsync(options), await table.GetSchemaAsync(options));

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(IAsyncEnumerable<Apache.Arrow.RecordBatch> batches, Apache.Arrow.Schema schema)
    {
        using var text = new MemoryStream();
        await using (var writer = new JsonLinesWriter(text, schema))
        {
            await foreach (var batch in batches)
            {
                using (batch)
                {
                    await writer.WriteAsync(batch);
                }
            }
        }

        var lines = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(l => JsonDocument.Parse(l).RootElement)];
    }
}
