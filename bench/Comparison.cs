using System.Globalization;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench;

/// <summary>Runs ours and theirs in turns, several times, and prints the table of ratios.</summary>
internal static class Comparison
{
    // Others may be on the machine: a round of all items of a row, then the next round, so that a slow minute hits all of them.
    private static readonly Row[] Rows =
    [
        new("bulk", "Bulk insert, {0} rows of 10 columns", "bulk",
        [
            new("raw-10", "ParquetSharp, 1 thread, the same 10 columns"),
            new("raw-15", "ParquetSharp, 1 thread, with the 5 meta columns", "CPU <= 1.25"),
            new("duckdb-copy-1", "DuckDB COPY, 1 thread"),
            new("duckdb-copy-2", "DuckDB COPY, {1} threads", "wall <= 1"),
        ]),
        new("bulk-partitioned", "Bulk insert into 16 partitions", "bulk-partitioned", [new("bulk", "bulk insert into one")], Once: true),
        new("upsert-random", "Upsert of 10 %, random keys", "upsert-random", [new("duckdb-upsert-random", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("upsert-recent", "Upsert of 10 %, recent keys", "upsert-recent", [new("duckdb-upsert-recent", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("upsert-half", "Upsert of 50 %, random keys", "upsert-half", [new("duckdb-upsert-half", "DuckDB anti-join and rewrite")], Once: true),
        new("delete", "Delete of 1 %, random keys", "delete", [new("duckdb-delete", "DuckDB anti-join and rewrite", "wall <= 0.5")]),
        new("sql", "Snapshot through SQL, an aggregate", "sql", [new("raw-sql", "DuckDB read_parquet on the same files", "<= 1.05")]),
        new("sql-logs", "The same, a tenth of the rows in logs, already merged in the session", "sql-logs", [new("sql", "no logs", "<= 1.3")]),
        new("sql-logs-first", "The same, first statement of a session", "sql-logs-first", [new("sql-first", "no logs", "<= 1.3")]),
        new("scan", "Arrow scan of 10 columns", "scan", [new("raw-scan", "ParquetSharp Arrow reader")]),
        new("scan-logs", "The same, a tenth of the rows in logs", "scan-logs", [new("scan", "no logs", "<= 1.3")]),
        new("upsert-logs", "Upsert of 1 000 random rows into logs of {0} rows, p50", "upsert-logs", [new("upsert-small", "the same into a copy-on-write table")], Once: true),
        new("compaction", "Compaction of {0} rows, a tenth of them in logs", "compaction", [new("raw-rewrite", "the files read and written by ParquetSharp's Arrow reader and writer, 1 thread")]),
        new("log-decoding", "Log decoding, up to 1 000 000 Avro rows of 15 columns to Arrow", "log-decoding", [new("avro-decoding", "Apache.Avro's generic reader", "CPU <= 0.2")]),
        new("log-decoding-warm", "The same for the third time", "log-decoding-warm", [new("avro-decoding-warm", "Apache.Avro's generic reader, for the third time", "CPU <= 0.2")]),
        new("tag-absent", "Bloom tagging, 100 000 absent keys", "tag-absent", [new("duckdb-tag-absent", "DuckDB semi-join on the key column")]),
        new("tag-stored", "Bloom tagging, 100 000 stored keys", "tag-stored", [new("duckdb-tag-stored", "DuckDB semi-join on the key column")]),
        new("commit", "10-row upsert, p50", "commit", [], Durable: true),
        new("timeline", "Timeline of 10 000 instants, load", "timeline", [new("listing", "listing the folder", "<= 30 ms")]),
    ];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var chosen = Rows.Where(r => options.Only.Length == 0 || options.Only.Any(o => r.Name.StartsWith(o, StringComparison.Ordinal))).ToList();
        if (chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync($"--only takes {string.Join(", ", Rows.Select(r => r.Name))}");
            return 2;
        }

        await Console.Error.WriteLineAsync($"data in {options.Scratch}; {options.Rows:N0} rows, {options.Threads} threads, {options.Repeat} times");
        await ItemProcess.StartAsync("prepare", options);
        var results = new Dictionary<string, List<Measured>>();
        foreach (var row in chosen)
        {
            for (var round = 0; round < (row.Once ? 1 : options.Repeat); round++)
            {
                foreach (var item in (IEnumerable<string>)[row.Ours, .. row.Theirs.Select(t => t.Item)])
                {
                    if (results.TryGetValue(item, out var known) && known.Count > round)
                    {
                        continue;
                    }

                    var measured = await ItemProcess.StartAsync(item, options);
                    (results.TryGetValue(item, out var list) ? list : results[item] = []).Add(measured);
                    await Console.Error.WriteLineAsync(
                        Text($"  {item}: wall {measured.Wall:N1} ms, CPU {measured.Cpu:N1} ms, private {measured.Private:N0} MiB, resident {measured.Resident:N0} MiB, {measured.Check:N0}"));
                }
            }
        }

        if (!options.Keep)
        {
            Directory.Delete(new Items.Scratch(options).Folder, recursive: true);
        }

        Print(options, chosen, results);
        return 0;
    }

    private static void Print(BenchOptions options, IEnumerable<Row> rows, Dictionary<string, List<Measured>> results)
    {
        Console.WriteLine();
        Console.WriteLine("| Work | wall, CPU | memory, MiB | against | its wall, CPU | its memory | wall ratio | CPU ratio | goal |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var ours = results[row.Ours];
            var work = Text(row.Title, options.Rows, options.Threads) + ours[^1].Note;
            if (row.Durable)
            {
                var second = ours.Min(m => m.Second);
                Console.WriteLine(Text(
                    $"| {work} | {Times(ours)} | {Memory(ours)} | its {ours[0].Check} durable file creates | {second:N2} ms | | {Ratio(ours.Select(m => m.Wall), ours.Select(m => m.Second))} | | <= 5 ms, <= 8 |"));
            }

            foreach (var (item, title, goal) in row.Theirs)
            {
                var theirs = results[item];
                Console.WriteLine(Text(
                    $"| {work} | {Times(ours)} | {Memory(ours)} | {Text(title, options.Rows, options.Threads)}{theirs[^1].Note} | {Times(theirs)} | {Memory(theirs)} | {Ratio(ours.Select(m => m.Wall), theirs.Select(m => m.Wall))} | {Ratio(ours.Select(m => m.Cpu), theirs.Select(m => m.Cpu))} | {goal} |"));
                work = "";
            }
        }

        Console.WriteLine();
        Console.WriteLine(Text($"{options.Rows:N0} rows, {options.Threads} threads, {options.Repeat} runs each in its own process; times are minima, ratios of minima (of medians). Memory: peak private (peak resident, with mapped input and libraries)."));
    }

    private static string Times(List<Measured> runs)
    {
        var (wall, cpu) = (runs.Min(m => m.Wall), runs.Min(m => m.Cpu));
        return wall < 1000 ? Text($"{wall:N2}, {cpu:N2} ms") : Text($"{wall / 1000:N2}, {cpu / 1000:N2} s");
    }

    private static string Memory(List<Measured> runs) => Text($"{runs.Max(m => m.Private):N0} ({runs.Max(m => m.Resident):N0})");

    private static string Ratio(IEnumerable<double> ours, IEnumerable<double> theirs) =>
        Text($"{ours.Min() / theirs.Min():N2} ({Statistics.Median(ours) / Statistics.Median(theirs):N2})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format.Replace("{0}", "{0:N0}", StringComparison.Ordinal), values);

    private sealed record Row(string Name, string Title, string Ours, Theirs[] Theirs, bool Once = false, bool Durable = false);

    private sealed record Theirs(string Item, string Title, string Goal = "");
}
