using System.Globalization;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>What each operation asks of an object store, counted on one in memory: a table of 16 partitions with one file group each, after a bulk insert and three upserts.</summary>
internal static class RequestItems
{
    private const int Rows = 16_000;
    private const int Upserts = 3;

    public static async Task<Measured> RunAsync(ItemContext context)
    {
        var lines = new List<string> { "| Requests | LIST | GET | HEAD | PUT | DELETE | at least |", "|---|---|---|---|---|---|---|" };
        var (copy, log) = (await TableAsync(context, TableType.CopyOnWrite, metadata: true), await TableAsync(context, TableType.MergeOnRead, metadata: true));
        var plain = await TableAsync(context, TableType.CopyOnWrite, metadata: false);
        var columns = Trips.Schema.FieldsList.Select(f => f.Name).ToArray();
        await CountAsync("opening a table", copy, t => Task.CompletedTask, "GET 1: properties; LIST 1: timeline", opened: false);
        await CountAsync("planning a snapshot, opened before", copy, PlanAsync, "GET 3: properties, the latest commit's schema, properties of the metadata table; LIST 3: two timelines, `files`; GET 1 for each file of `files`");
        await CountAsync("the same without a metadata table", plain, PlanAsync, "GET 2: properties, schema; LIST 1 + 1 for each folder (17): timeline, folders");
        await CountAsync("snapshot of 10 columns, 16 files", copy, t => ReadAsync(t, new ReadOptions { Columns = columns }), "the plan's, and GET 1 for each file");
        await CountAsync("one row by its key", copy, t => ReadAsync(t, new ReadOptions { Where = Predicate.Parse($"id = '{Key()}'") }), "the plan's; LIST 1 and GET 1 for each file of `column_stats`; GET 1 for each file whose range of keys holds it, here all 16");
        await CountAsync("upsert of 10 rows of one file, copy-on-write", copy, t => UpsertAsync(t), "PUT 10: three instants and a marker, a data file; three instants, and a log in each of 3 partitions, of the metadata table; DELETE 1: markers");
        await CountAsync("another one by the same handle", copy, t => UpsertAsync(t, Upserts + 2), "the same", before: t => UpsertAsync(t));
        await CountAsync("the first one, merge-on-read", log, t => UpsertAsync(t), "the same");
        await CountAsync("the first one without a metadata table, copy-on-write", plain, t => UpsertAsync(t), "PUT 5: three instants, a marker, a data file; DELETE 1: markers");
        lines.Add("");
        return new Measured(0, 0, 0, 0) { Lines = lines };

        async Task CountAsync(string name, IObjectStore store, Func<LakehouseTable, Task> operation, string least, bool opened = true, Func<LakehouseTable, Task>? before = null)
        {
            var counting = new CountingStore(store);
            await using var table = await LakehouseTable.OpenAsync(counting, OurWrites.Options(context, metadata: !ReferenceEquals(store, plain)));
            await (before?.Invoke(table) ?? Task.CompletedTask);
            if (opened)
            {
                counting.Reset();
            }

            await operation(table);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", counting.Requests)} | {least} |"));
        }
    }

    private static async Task<MemoryObjectStore> TableAsync(ItemContext context, TableType type, bool metadata)
    {
        var store = new MemoryObjectStore($"{type}-{metadata}");
        var options = new TableOptions { Name = "trips", Type = type, Keys = ["id"], Ordering = ["ts"], Partitions = ["city"], Index = IndexType.Bloom };
        await using var table = await LakehouseTable.CreateAsync(store, Trips.Schema, options, OurWrites.Options(context, metadata));
        await table.BulkInsertAsync(Trips.Make(Rows, n => n));
        for (var i = 0; i < Upserts; i++)
        {
            await UpsertAsync(table, i + 1);
        }

        return store;
    }

    private static async Task PlanAsync(LakehouseTable table) => await table.PlanAsync(new ReadOptions(), default);

    private static async Task ReadAsync(LakehouseTable table, ReadOptions options)
    {
        await foreach (var batch in table.ReadAsync(options))
        {
            batch.Dispose();
        }
    }

    private static string Key() => ((Apache.Arrow.StringArray)Trips.Make(1, _ => Rows / 2).First().Column("id")).GetString(0);

    // Rows of one city.
    private static Task UpsertAsync(LakehouseTable table, int version = Upserts + 1)
    {
        var city = Trips.Make(Rows, n => n).SelectMany(b => Enumerable.Range(0, b.Length).Select(i => ((Apache.Arrow.StringArray)b.Column("city")).GetString(i))).ToList();
        var rows = Enumerable.Range(0, Rows).Where(n => city[n] == "oslo").Take(10).ToList();
        return table.UpsertAsync(Trips.Make(rows.Count, n => rows[n], version));
    }
}
