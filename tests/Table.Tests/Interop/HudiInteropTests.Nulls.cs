using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Statistics of columns that are all null, in a file or in one of its row groups.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    public async Task Hudi_finds_statistics_of_nulls_right(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "nulls");
        var schema = TableSchema.FromDdl("id string, ts bigint, i int, f float, d double, ok boolean, day date, at timestamp, small decimal(8,2), wide decimal(25,4), s string, x binary, city string", "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            new LakehouseOptions { Write = new WriteOptions { RowGroupRows = 1_000 } },
            default);
        const string Values = "\"i\":5,\"f\":5,\"d\":-5,\"ok\":true,\"day\":\"2020-01-01\",\"at\":\"2020-01-01T00:00:00Z\",\"small\":5.25,\"wide\":5.25,\"s\":\"x\",\"x\":\"eHg=\"";
        await table.BulkInsertAsync([await Parse(schema, Enumerable.Range(0, 2_500).Select(k => $"{{\"id\":\"k{k:D5}\",\"ts\":1,\"city\":\"oslo\"{(k < 1_000 ? "" : "," + Values)}}}"))]);
        await SameAsync(hudi, table, path, "a row group of nulls");
        await table.InsertAsync([await Parse(schema, ["{\"id\":\"a\",\"ts\":1,\"city\":\"rome\"}"])]);
        await SameAsync(hudi, table, path, "a file of nulls");
        await table.UpsertAsync([await Parse(schema, ["{\"id\":\"a\",\"ts\":2,\"city\":\"rome\"}"])]);
        await SameAsync(hudi, table, path, "a row of nulls that takes its place");
    }

    // Hudi 1.2 takes a NaN for no bound: it left the file out, and its partition.
    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Hudi_finds_rows_beside_a_NaN(int version)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "nan");
        var schema = TableSchema.FromDdl("id string, ts bigint, d double, city string", "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        for (var file = 0; file < 2; file++)
        {
            var rows = Enumerable.Range(file * 10, 10).Select(k => $"{{\"id\":\"k{k:D2}\",\"ts\":1,\"d\":{(k == 16 ? "\"NaN\"" : (k - 5).ToString(System.Globalization.CultureInfo.InvariantCulture))},\"city\":\"oslo\"}}");
            await table.BulkInsertAsync([await Parse(schema, rows)]);
        }

        foreach (var filter in new[] { "d = 0.0", "d > -1 and d < 1", "d > 13.5", "d < -4.5", "d = 12.0" })
        {
            var (with, without) = (Read(true), Read(false));
            Assert.NotEmpty(without);
            Assert.True(with.SequenceEqual(without), $"{filter}: {string.Join(' ', with)} of {string.Join(' ', without)}");

            string[] Read(bool metadata) => [.. hudi.Read(path, "snapshot", new JsonObject { ["metadata"] = metadata, ["filter"] = filter }).Select(r => r.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
        }
    }
}
