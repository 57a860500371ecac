using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Everything that can be measured, by name.</summary>
internal static class ItemList
{
    public static readonly IReadOnlyDictionary<string, Func<ItemContext, Task<Measured>>> All = new Dictionary<string, Func<ItemContext, Task<Measured>>>
    {
        ["prepare"] = Preparation.RunAsync,
        ["bulk"] = c => OurWrites.BulkInsertAsync(c, partitioned: false),
        ["bulk-partitioned"] = c => OurWrites.BulkInsertAsync(c, partitioned: true),
        ["raw-10"] = c => RawParquet.RunAsync(c, withMeta: false),
        ["raw-15"] = c => RawParquet.RunAsync(c, withMeta: true),
        ["duckdb-copy-1"] = c => DuckDbItems.CopyAsync(c, 1),
        ["duckdb-copy-2"] = c => DuckDbItems.CopyAsync(c, c.Threads),
        ["upsert-random"] = c => OurWrites.ChangeAsync(c, WriteOperation.Upsert, "random"),
        ["upsert-recent"] = c => OurWrites.ChangeAsync(c, WriteOperation.Upsert, "recent"),
        ["upsert-half"] = c => OurWrites.ChangeAsync(c, WriteOperation.Upsert, "half"),
        ["delete"] = c => OurWrites.ChangeAsync(c, WriteOperation.Delete, "delete"),
        ["duckdb-upsert-random"] = c => DuckDbItems.RewriteAsync(c, "random", add: true),
        ["duckdb-upsert-recent"] = c => DuckDbItems.RewriteAsync(c, "recent", add: true),
        ["duckdb-upsert-half"] = c => DuckDbItems.RewriteAsync(c, "half", add: true),
        ["duckdb-delete"] = c => DuckDbItems.RewriteAsync(c, "delete", add: false),
        ["sql"] = c => SqlItems.TableAsync(c, c.Scratch.Table),
        ["sql-logs"] = c => SqlItems.TableAsync(c, c.Scratch.Logged),
        ["sql-first"] = c => SqlItems.FirstStatementAsync(c, c.Scratch.Table),
        ["sql-logs-first"] = c => SqlItems.FirstStatementAsync(c, c.Scratch.Logged),
        ["raw-sql"] = SqlItems.RawAsync,
        ["scan"] = c => OurReads.ScanAsync(c, c.Scratch.Table),
        ["scan-logs"] = c => OurReads.ScanAsync(c, c.Scratch.Logged),
        ["raw-scan"] = RawScan.RunAsync,
        ["compaction"] = Compactions.RunAsync,
        ["raw-rewrite"] = Compactions.RawAsync,
        ["commit"] = SmallCommits.RunAsync,
        ["upsert-logs"] = c => LoggedUpserts.RunAsync(c, TableType.MergeOnRead),
        ["upsert-small"] = c => LoggedUpserts.RunAsync(c, TableType.CopyOnWrite),
        ["timeline"] = TimelineItems.LoadAsync,
        ["listing"] = TimelineItems.ListAsync,
        ["log-decoding"] = c => LogItems.DecodeAsync(c),
        ["avro-decoding"] = c => LogItems.ApacheAvroAsync(c),
        ["log-decoding-warm"] = c => LogItems.DecodeAsync(c, warm: true),
        ["avro-decoding-warm"] = c => LogItems.ApacheAvroAsync(c, warm: true),
        ["tag-absent"] = c => OurReads.TagAsync(c, "absent"),
        ["tag-stored"] = c => OurReads.TagAsync(c, "stored"),
        ["duckdb-tag-absent"] = c => DuckDbItems.SemiJoinAsync(c, "absent"),
        ["duckdb-tag-stored"] = c => DuckDbItems.SemiJoinAsync(c, "stored"),
    };
}
