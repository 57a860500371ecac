using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Everything that can be measured, by name.</summary>
internal static class ItemList
{
    /// <summary>Of the rows with several writers.</summary>
    public static readonly int[] WriterCounts = [1, 2, 4, 8];

    private static readonly Dictionary<string, Func<ItemContext, Task<Measured>>> Named = new()
    {
        ["prepare"] = Preparation.RunAsync,
        ["bulk"] = c => OurWrites.BulkInsertAsync(c, partitioned: false),
        [Row.Indexes] = IndexItems.PrepareAsync,
        [Row.Files] = FileTables.PrepareAsync,
        ["bulk-plain"] = c => OurWrites.BulkInsertAsync(c, partitioned: false, metadata: false),
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
        ["commit"] = c => SmallCommits.RunAsync(c),
        ["commit-plain"] = c => SmallCommits.RunAsync(c, metadata: false),
        ["upsert-logs"] = c => LoggedUpserts.RunAsync(c, TableType.MergeOnRead),
        ["upsert-planned"] = c => LoggedUpserts.RunAsync(c, TableType.MergeOnRead, planned: true),
        ["upsert-small"] = c => LoggedUpserts.RunAsync(c, TableType.CopyOnWrite),
        ["timeline"] = TimelineItems.LoadAsync,
        ["listing"] = TimelineItems.ListAsync,
        ["log-decoding"] = c => LogItems.DecodeAsync(c),
        ["avro-decoding"] = c => LogItems.ApacheAvroAsync(c),
        ["log-decoding-warm"] = c => LogItems.DecodeAsync(c, warm: true),
        ["avro-decoding-warm"] = c => LogItems.ApacheAvroAsync(c, warm: true),
        ["tag-absent"] = c => OurReads.TagAsync(c, "absent"),
        ["tag-stored"] = c => OurReads.TagAsync(c, "stored"),
        ["find-record"] = c => IndexItems.FindAsync(c, warm: false),
        ["find-record-warm"] = c => IndexItems.FindAsync(c, warm: true),
        ["tag-record"] = IndexItems.TagByRecordAsync,
        ["tag-bucket"] = IndexItems.TagByBucketAsync,
        ["hash-bucket"] = IndexItems.HashAsync,
        ["point-sql"] = c => PointQueries.TableAsync(c, c.Scratch.Table),
        ["raw-point"] = c => PointQueries.RawAsync(c, c.Scratch.Table),
        ["point-sql-record"] = c => PointQueries.TableAsync(c, c.Scratch.Indexed),
        ["raw-point-record"] = c => PointQueries.RawAsync(c, c.Scratch.Indexed),
        ["plan-files"] = c => FilePlans.PlanAsync(c, metadata: true),
        ["plan-listed"] = c => FilePlans.PlanAsync(c, metadata: false),
        ["list-planned"] = FilePlans.ListAsync,
        ["hfile-batch"] = HFileItems.BatchAsync,
        ["hfile-inflate"] = HFileItems.InflateAsync,
        ["hfile-cold"] = HFileItems.ColdAsync,
        ["read-cold"] = HFileItems.ReadColdAsync,
        ["clean-plan"] = c => ServiceItems.DryRunAsync(c, ServiceItems.PlanCleanAsync),
        ["archive-plan"] = c => ServiceItems.DryRunAsync(c, ServiceItems.PlanArchiveAsync),
        ["list-files"] = ServiceItems.ListAsync,
        ["clean"] = ServiceItems.CleanAsync,
        ["delete-data"] = ServiceItems.DeleteDataAsync,
        ["archive"] = ServiceItems.ArchiveAsync,
        ["delete-instants"] = ServiceItems.DeleteInstantsAsync,
        ["plans"] = ServiceItems.PlanAllAsync,
        ["cluster-zorder"] = Clusterings.RunAsync,
        ["duckdb-sort"] = Clusterings.DuckDbAsync,
        ["week-cow"] = c => Week.RunAsync(c, TableType.CopyOnWrite),
        ["week-mor"] = c => Week.RunAsync(c, TableType.MergeOnRead),
        ["week-least"] = Week.LeastAsync,
        ["writer"] = Writers.WriteAsync,
        ["requests"] = RequestItems.RunAsync,
        ["s3-commit"] = S3Items.CommitAsync,
        ["s3-scan"] = S3Items.ScanAsync,
        ["s3-ranges"] = S3Items.RangesAsync,
        ["duckdb-tag-absent"] = c => DuckDbItems.SemiJoinAsync(c, "absent"),
        ["duckdb-tag-stored"] = c => DuckDbItems.SemiJoinAsync(c, "stored"),
    };

    public static IReadOnlyDictionary<string, Func<ItemContext, Task<Measured>>> All { get; } = Named.Concat(Concurrent()).ToDictionary();

    private static IEnumerable<KeyValuePair<string, Func<ItemContext, Task<Measured>>>> Concurrent()
    {
        foreach (var writers in WriterCounts)
        {
            yield return new($"writers-{writers}", c => Writers.RunAsync(c, c.Work.New(), writers, contended: false));
            yield return new($"contended-{writers}", c => Writers.RunAsync(c, c.Work.New(), writers, contended: true));
            yield return new($"skewed-{writers}", c => Writers.RunAsync(c, c.Work.New(), writers, contended: false, new ConcurrencyOptions().MaxClockSkew));
            yield return new($"creates-{writers}", c => Writers.CreatesAsync(c.Work.New(), writers));
            yield return new($"s3-writers-{writers}", async c => await Writers.RunAsync(c, await S3Server.NewLocationAsync(), writers, contended: false));
            yield return new($"s3-contended-{writers}", async c => await Writers.RunAsync(c, await S3Server.NewLocationAsync(), writers, contended: true));
            yield return new($"s3-creates-{writers}", async _ => await Writers.CreatesAsync(await S3Server.NewLocationAsync(), writers));
        }
    }
}
