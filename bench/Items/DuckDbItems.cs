using DuckDB.NET.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>
/// The same work in DuckDB, which may be as fast as it likes: its input is an uncompressed table of its own that has been read into its buffers, it need not keep the order of
/// rows, and it syncs nothing.
/// </summary>
internal static class DuckDbItems
{
    private const string Columns = "id, ts, city, driver, lat, lon, fare, passengers, paid, started";

    public static void Prepare(Scratch scratch, IReadOnlyDictionary<string, string> small)
    {
        using var db = Open(2);
        Run(db, $"ATTACH '{scratch.Database}' AS source");
        Run(db, "PRAGMA force_compression = 'uncompressed'");
        Run(db, $"CREATE TABLE source.trips AS SELECT {Columns} FROM read_parquet('{scratch.Table}/*.parquet')");
        foreach (var (name, table) in small)
        {
            Run(db, $"CREATE TABLE source.{name} AS SELECT {Columns} FROM read_parquet('{table}/*.parquet')");
        }

        Run(db, $"COPY source.trips TO '{scratch.Parquet}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)");
    }

    public static async Task<Measured> CopyAsync(ItemContext context, int threads)
    {
        using var db = Open(threads);
        Warm(db, context, "trips");
        Run(db, $"COPY (SELECT * FROM source.trips LIMIT 100000) TO '{context.Work.New()}.parquet' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)");
        return await Meter.RunAsync(() => Task.FromResult(Run(db, $"COPY source.trips TO '{context.Work.New()}.parquet' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)")));
    }

    public static async Task<Measured> RewriteAsync(ItemContext context, string changes, bool add)
    {
        using var db = Open(context.Threads);
        Warm(db, context, changes);
        var added = add ? $"UNION ALL SELECT {Columns} FROM source.{changes}" : "";
        return await Meter.RunAsync(() =>
        {
            Run(db, $"""
                COPY (SELECT {Columns} FROM read_parquet('{context.Scratch.Parquet}') old ANTI JOIN source.{changes} new USING (id) {added})
                TO '{context.Work.New()}.parquet' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)
                """);
            return Task.FromResult(0.0);
        });
    }

    public static async Task<Measured> SemiJoinAsync(ItemContext context, string keys)
    {
        using var db = Open(context.Threads);
        Warm(db, context, keys);
        return await Meter.RunAsync(() => Task.FromResult(
            Run(db, $"SELECT count(*) FROM (SELECT file_row_number FROM read_parquet('{context.Scratch.Parquet}', file_row_number = true) old SEMI JOIN source.{keys} new USING (id))")));
    }

    public static DuckDBConnection Open(int threads)
    {
        var db = new DuckDBConnection("Data Source=:memory:");
        db.Open();
        Run(db, $"SET threads = {threads}");
        Run(db, "SET preserve_insertion_order = false");
        Run(db, "SET TimeZone = 'UTC'");
        return db;
    }

    public static double Run(DuckDBConnection db, string sql)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        return Convert.ToDouble(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Warm(DuckDBConnection db, ItemContext context, string table)
    {
        Run(db, $"ATTACH '{context.Scratch.Database}' AS source (READ_ONLY)");
        Run(db, $"SELECT sum(length(id) + length(city) + length(driver) + ts + lat + lon + fare + passengers + epoch(started)) + count(paid) FROM source.{table}");
    }
}
