using System.Security.Cryptography;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>A small table in memory that tests copy, break and look at.</summary>
internal static class TestTable
{
    public static readonly WriteOptions Write = new() { ExactRowGroupRows = 8, ExactMaxFileSize = 40_000, SmallFileLimit = 8_000, BloomEntries = 50 };
    public static readonly LakehouseOptions Resources = new() { Threads = 2, Write = Write };

    public static IReadOnlyList<Row> First { get; } = [.. Enumerable.Range(0, 30).Select(i => Of(i, 1))];

    public static Row Of(int id, long ts, bool? deleted = null) => new($"k{id:000}", id % 2 == 0 ? "a" : "b", ts, $"text {ts}", id, deleted);

    /// <summary>Two partitions with 30 rows of two commits.</summary>
    public static async Task<MemoryObjectStore> MakeAsync(int version, TableType type = TableType.CopyOnWrite, params string[] enabled)
    {
        var store = new MemoryObjectStore("faults");
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, Properties = enabled.Select(e => e.Split('=')).ToDictionary(e => e[0], e => e.Length > 1 ? e[1] : "true") }, Resources);
        await table.BulkInsertAsync([Row.ToBatch([.. First.Take(20)])]);
        await table.UpsertAsync([Row.ToBatch([.. First.Skip(20)])]);
        if (type == TableType.MergeOnRead)
        {
            // From here on the first file groups have logs: new rows go elsewhere.
            await table.UpsertAsync([Row.ToBatch([Of(0, 2), Of(1, 2)])]);
        }

        return store;
    }

    public static async Task<MemoryObjectStore> CopyAsync(IObjectStore from)
    {
        var copy = new MemoryObjectStore("faults");
        await foreach (var entry in from.ListAsync(string.Empty, recursive: true))
        {
            await copy.PutAsync(entry.Path, await from.ReadAsync(entry.Path), PutCondition.IfAbsent);
        }

        return copy;
    }

    /// <summary>Every object with a hash of its content.</summary>
    public static async Task<SortedDictionary<string, string>> ListAsync(IObjectStore store)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(string.Empty, recursive: true))
        {
            objects.Add(entry.Path, Convert.ToHexString(SHA256.HashData((await store.ReadAsync(entry.Path)).Span)));
        }

        return objects;
    }

    /// <summary>The base file of a partition that readers see: of the latest instant.</summary>
    public static async Task<string> LatestFileAsync(IObjectStore store, string folder) =>
        (await ListAsync(store)).Keys.Where(p => p.StartsWith(folder, StringComparison.Ordinal) && p.EndsWith(".parquet", StringComparison.Ordinal)).MaxBy(p => p[p.LastIndexOf('_')..], StringComparer.Ordinal)!;

    /// <summary>Rows as sorted text, through a handle of their own.</summary>
    public static async Task<string> ReadAsync(IObjectStore store)
    {
        await using var table = await LakehouseTable.OpenAsync(store, Resources);
        return await ReadAsync(table);
    }

    public static async Task<string> ReadAsync(LakehouseTable table)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", "part", "ts", "text"] }))
        {
            using (batch)
            {
                var (id, part, ts, text) = ((StringArray)batch.Column(0), (StringArray)batch.Column(1), (Int64Array)batch.Column(2), (StringArray)batch.Column(3));
                for (var i = 0; i < batch.Length; i++)
                {
                    rows.Add($"{id.GetString(i)} {part.GetString(i)} {ts.GetValue(i)} {text.GetString(i)}");
                }
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return string.Join('\n', rows);
    }

    public static Task<WriteResult> RunAsync(LakehouseTable table, WriteOperation operation, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Row> rows = operation switch
        {
            WriteOperation.Upsert => [Of(2, 5), Of(4, 5, deleted: true), Of(100, 5), Of(101, 5)],
            WriteOperation.Delete => [Of(1, 0), Of(3, 0)],
            _ => [Of(200, 5), Of(201, 5)],
        };
        return table.WriteAsync(operation, Row.ToBatches(rows, 2).ToAsyncEnumerable(), cancellationToken: cancellationToken);
    }
}
