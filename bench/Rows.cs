using OllaLab.Lakehouse.Bench.Items;

namespace OllaLab.Lakehouse.Bench;

/// <summary>All rows, in the order in which they are run.</summary>
internal static class Rows
{
    private static readonly Row[] Table =
    [
        new("bulk", "Bulk insert, {0} rows of 10 columns", "bulk",
        [
            new("raw-10", "ParquetSharp, 1 thread, the same 10 columns"),
            new("raw-15", "ParquetSharp, 1 thread, with the 5 meta columns", "CPU <= 1.25"),
            new("duckdb-copy-1", "DuckDB COPY, 1 thread"),
            new("duckdb-copy-2", "DuckDB COPY, {1} threads", "wall <= 1"),
        ]),
        new("bulk-partitioned", "Bulk insert into 16 partitions", "bulk-partitioned", [new("bulk", "bulk insert into one")]) { Once = true },
        new("upsert-random", "Upsert of 10 %, random keys", "upsert-random", [new("duckdb-upsert-random", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("upsert-recent", "Upsert of 10 %, recent keys", "upsert-recent", [new("duckdb-upsert-recent", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("upsert-half", "Upsert of 50 %, random keys", "upsert-half", [new("duckdb-upsert-half", "DuckDB anti-join and rewrite")]) { Once = true },
        new("delete", "Delete of 1 %, random keys", "delete", [new("duckdb-delete", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("sql", "Snapshot through SQL, an aggregate", "sql", [new("raw-sql", "DuckDB read_parquet on the same files", "<= 1.05")]),
        new("sql-logs", "The same, a tenth of the rows in logs, already merged in the session", "sql-logs", [new("sql", "no logs", "<= 1.3")]),
        new("sql-logs-first", "The same, first statement of a session", "sql-logs-first", [new("sql-first", "no logs", "<= 1.3")]),
        new("scan", "Arrow scan of 10 columns", "scan", [new("raw-scan", "ParquetSharp Arrow reader")]),
        new("scan-logs", "The same, a tenth of the rows in logs", "scan-logs", [new("scan", "no logs", "<= 1.3")]),
        new("upsert-logs", "Upsert of 1 000 random rows into logs of {0} rows, p50", "upsert-logs", [new("upsert-small", "the same into a copy-on-write table")]) { Once = true },
        new("upsert-planned", "The same beside a compaction that is planned", "upsert-planned", [new("upsert-logs", "none planned", "<= 1.2")]) { Once = true },
        new("compaction", "Compaction of {0} rows, a tenth of them in logs", "compaction", [new("raw-rewrite", "the files read and written by ParquetSharp's Arrow reader and writer, 1 thread")]),
        new("log-decoding", "Log decoding, up to 1 000 000 Avro rows of 15 columns to Arrow", "log-decoding", [new("avro-decoding", "Apache.Avro's generic reader", "CPU <= 0.2")]),
        new("log-decoding-warm", "The same for the third time", "log-decoding-warm", [new("avro-decoding-warm", "Apache.Avro's generic reader, for the third time", "CPU <= 0.2")]),
        new("commit", "10-row upsert, p50", "commit", []) { Durable = true },
        new("timeline", "Timeline of 10 000 instants, load", "timeline", [new("listing", "listing the folder", "<= 30 ms")]),
    ];

    private static readonly Row[] Indexes =
    [
        new("tag-absent", "Bloom tagging, 100 000 absent keys", "tag-absent", [new("duckdb-tag-absent", "DuckDB semi-join on the key column", ">= 1 M keys/s")]),
        new("tag-stored", "Bloom tagging, 100 000 stored keys", "tag-stored", [new("duckdb-tag-stored", "DuckDB semi-join on the key column")]),
        new("find-record", "Record index, file groups of 100 000 stored keys", "find-record", [new("duckdb-tag-stored", "DuckDB semi-join on the key column", "<= 2 us a key")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("find-record-warm", "The same, its files open", "find-record-warm", [new("duckdb-tag-stored", "DuckDB semi-join on the key column", "<= 2 us a key")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("tag-record", "Tagging by record index, 100 000 stored keys", "tag-record", [new("duckdb-tag-stored", "DuckDB semi-join on the key column")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("tag-bucket", "Tagging by bucket, 100 000 stored keys", "tag-bucket", [new("duckdb-tag-stored", "DuckDB semi-join on the key column")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("hash-bucket", "The bucket alone (a merge-on-read table looks nothing up)", "hash-bucket", []) { Preparations = [Row.Trips] },
        new("point-sql", "Point query on the key through SQL, p50 of 41", "point-sql", [new("raw-point", "DuckDB read_parquet on the same files", "<= 5 ms")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("point-sql-record", "The same with a record index", "point-sql-record", [new("raw-point-record", "DuckDB read_parquet on the same files", "<= 5 ms")]) { Preparations = [Row.Trips, Row.Indexes] },
        new("metadata-bulk", "Bulk insert with the metadata table", "bulk", [new("bulk-plain", "without", "<= 1.15")]),
        new("metadata-commit", "10-row upsert with the metadata table, p50", "commit", [new("commit-plain", "without")]) { Preparations = [], Once = true },
        new("plan-files", "Snapshot plan of {2} files, metadata table, p50 of 5", "plan-files", [new("plan-listed", "folders listed by the same planner"), new("list-planned", "listing the files with their lengths")]) { Preparations = [Row.Files] },
        new("hfile-batch", "HFile look-up, 50 000 of 200 000 keys in order, blocks cached by the system", "hfile-batch", [new("hfile-inflate", "inflating all of its blocks", "<= 2 us a key")]) { Preparations = [] },
        new("hfile-cold", "HFile opened and one key found, not cached, p50 of 41", "hfile-cold", [new("read-cold", "reading 64 KiB at its end and a block, not cached", "<= 1 ms")]) { Preparations = [] },
    ];

    private static readonly Row[] Services =
    [
        new("cluster-zorder", "Clustering of {0} rows by Z-order of two columns", "cluster-zorder", [new("duckdb-sort", "DuckDB: the files read, sorted by them, written, {1} threads")]),
        new("clean-plan", "Clean of {2} file groups and instants, planned, p50 of 5", "clean-plan", [new("list-files", "listing the files with their lengths")]) { Preparations = [], Once = true },
        new("archive-plan", "Archiving of {2} instants, planned, p50 of 5", "archive-plan", [new("list-files", "listing the files with their lengths")]) { Preparations = [], Once = true },
        new("clean", "Clean of {2} file groups and instants", "clean", [new("delete-data", "deleting as many files")]) { Preparations = [], Once = true },
        new("archive", "Archiving of {2} instants", "archive", [new("delete-instants", "deleting as many files")]) { Preparations = [], Once = true },
        new("plans", "Listing of the files of {2} file groups; services are planned on them below", "plans", []) { Preparations = [Row.Files], Once = true },
        new("week-cow", "A week of hourly upserts, copy-on-write", "week-cow", [new("week-least", "each row in a Parquet file, once")]) { Preparations = [], Once = true, Unit = "bytes written per byte of input" },
        new("week-mor", "A week of hourly upserts, merge-on-read", "week-mor", [new("week-least", "each row in a Parquet file, once")]) { Preparations = [], Once = true, Unit = "bytes written per byte of input" },
    ];

    private static readonly Row[] Concurrency =
    [
        .. Several("writers", "each in its own partition", "creates", onS3: false),
        .. Several("contended", "all in one file group", "creates", onS3: false),
        .. Several("skewed", "each in its own partition, clocks of several machines (200 ms)", "creates", onS3: false).Where(r => r.Name is "skewed-1" or "skewed-4"),
    ];

    private static readonly Row[] ObjectStorage =
    [
        new("requests", "Requests of each operation: below", "requests", []) { Preparations = [], Once = true },
        new("s3-commit", "10-row upsert on S3, p50", "s3-commit", []) { Preparations = [], Once = true, OnS3 = true, Unit = "PUTs" },
        new("s3-scan", "Scan of all columns on S3", "s3-scan", [new("s3-ranges", "the files in ranges of 8 MiB, 4 at a time")]) { OnS3 = true },
        .. Several("s3-writers", "each in its own partition, on S3", "s3-creates", onS3: true),
        .. Several("s3-contended", "all in one file group, on S3", "s3-creates", onS3: true),
    ];

    public static readonly Row[] All = [.. Table, .. In("indexes", Indexes), .. In("services", Services), .. In("concurrency", Concurrency), .. In("object-storage", ObjectStorage)];

    public static IEnumerable<string> Names => All.Select(r => r.Group).Distinct().Concat(All.Select(r => r.Name));

    private static IEnumerable<Row> Several(string name, string where, string floor, bool onS3) => ItemList.WriterCounts.Select(n =>
        new Row($"{name}-{n}", $"A commit, {n} writers, {where}", $"{name}-{n}", [new($"{floor}-{n}", $"a new object of 2 kB, {n} at once")]) { Preparations = [], Once = true, OnS3 = onS3 });

    private static IEnumerable<Row> In(string group, Row[] rows) => rows.Select(r => r with { Group = group });
}
