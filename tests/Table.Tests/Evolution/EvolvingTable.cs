using System.Text;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>Small tables whose columns change, written and read as JSON lines.</summary>
internal static class EvolvingTable
{
    public static readonly LakehouseOptions Resources = new() { Threads = 2, Write = new WriteOptions { ExactRowGroupRows = 8, ExactMaxFileSize = 40_000, SmallFileLimit = 8_000, BloomEntries = 50 } };

    public static Task<LakehouseTable> CreateAsync(IObjectStore store, string ddl, int version, TableType type) => LakehouseTable.CreateAsync(
        store, TableSchema.FromDdl(ddl, "t"), new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, Resources, default);

    public static async Task<RecordBatch> RowsAsync(string ddl, params string[] lines)
    {
        var batches = new List<RecordBatch>();
        await foreach (var batch in JsonLinesReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), TableSchema.FromDdl(ddl, "t").Arrow))
        {
            batches.Add(batch);
        }

        return Arrays.Kernels.Concat(batches);
    }

    /// <summary>Rows in the table's columns of now.</summary>
    public static async Task UpsertAsync(LakehouseTable table, params string[] lines) =>
        await table.UpsertAsync([await RowsAsync((await (await table.RefreshAsync()).GetSchemaAsync()).ToDdl(), lines)]);

    /// <summary>The rows of a query as JSON lines, by their text, without meta columns.</summary>
    public static async Task<string> ReadAsync(LakehouseTable table, ReadOptions? options = null)
    {
        var schema = await table.GetSchemaAsync(options);
        var wanted = new ReadOptions { AsOf = options?.AsOf, Begin = options?.Begin, Where = options?.Where, Columns = options?.Columns ?? [.. schema.FieldsList.Select(f => f.Name).Where(n => !MetaColumns.IsReserved(n))] };
        using var text = new MemoryStream();
        await using (var writer = new JsonLinesWriter(text, await table.GetSchemaAsync(wanted)))
        {
            await foreach (var batch in table.ReadAsync(wanted))
            {
                using (batch)
                {
                    await writer.WriteAsync(batch);
                }
            }
        }

        return string.Join('\n', Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }
}
