using System.Globalization;
using OllaLab.Lakehouse.Bench.Items;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench;

/// <summary>Runs ours and theirs in turns, several times, and prints the table of ratios.</summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var chosen = Rows.All.Where(r => options.Only.Length == 0 || options.Only.Any(r.Is)).ToList();
        if (chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync($"--only takes {string.Join(", ", Rows.Names)}");
            return 2;
        }

        var left = chosen.Where(r => r.OnS3 && !S3Server.IsThere).ToList();
        chosen.RemoveAll(left.Contains);
        await Console.Error.WriteLineAsync($"data in {options.Scratch}; {options.Rows:N0} rows, {options.Threads} threads, {options.Repeat} times{(left.Count > 0 ? $"; without {string.Join(", ", left.Select(r => r.Name))}: {S3Server.Variable} is not set" : "")}");
        foreach (var preparation in chosen.SelectMany(r => r.Preparations).Distinct())
        {
            await ItemProcess.StartAsync(preparation, options);
        }

        var results = new Dictionary<string, List<Measured>>();
        foreach (var row in chosen)
        {
            await RunAsync(row, options, results);
        }

        if (!options.Keep)
        {
            Directory.Delete(new Scratch(options).Folder, recursive: true);
        }

        Print(options, chosen, results);
        return 0;
    }

    // Others may be on the machine: a round of all items of a row, then the next round, so that a slow minute hits all of them.
    private static async Task RunAsync(Row row, BenchOptions options, Dictionary<string, List<Measured>> results)
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
                    Text($"  {item}: wall {measured.Wall:N1} ms, CPU {measured.Cpu:N1} ms, private {measured.Private:N0} MiB, resident {measured.Resident:N0} MiB, {measured.Check:N0}{(measured.Figure is { } figure ? Text($", {figure:N3} {row.Unit}") : "")}{measured.Note}"));
            }
        }
    }

    private static void Print(BenchOptions options, List<Row> rows, Dictionary<string, List<Measured>> results)
    {
        Console.WriteLine();
        Console.WriteLine("| Work | wall, CPU | memory, MiB | against | its wall, CPU | its memory | wall ratio | CPU ratio | goal |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            var ours = results[row.Ours];
            var work = Title(row.Title, options) + ours[^1].Note;
            if (row.Durable)
            {
                var second = ours.Min(m => m.Second);
                Console.WriteLine(Text(
                    $"| {work} | {Times(row, ours)} | {Memory(ours)} | its {ours[0].Check} durable file creates | {second:N2} ms | | {Ratio(ours, ours, m => m.Wall, m => m.Second)} | | <= 5 ms, <= 8 |"));
            }
            else if (row.Theirs.Length == 0)
            {
                Console.WriteLine(Text($"| {work} | {Times(row, ours)} | {Memory(ours)} | | | | | | |"));
            }

            foreach (var (item, title, goal) in row.Theirs)
            {
                var theirs = results[item];
                Console.WriteLine(Text(
                    $"| {work} | {Times(row, ours)} | {Memory(ours)} | {Title(title, options)}{theirs[^1].Note} | {Times(row, theirs)} | {Memory(theirs)} | {Ratio(ours, theirs, Value, Value)} | {Ratio(ours, theirs, m => m.Cpu, m => m.Cpu)} | {goal} |"));
                work = "";
            }
        }

        Console.WriteLine();
        foreach (var line in rows.SelectMany(r => results[r.Ours][^1].Lines))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(Text($"{options.Rows:N0} rows, {options.Files:N0} files, {options.Threads} threads, {options.Repeat} runs each in its own process; times are minima, ratios of minima (of medians). Memory: peak private (peak resident, with mapped input and libraries)."));
    }

    private static double Value(Measured run) => run.Figure ?? run.Wall;

    private static string Times(Row row, List<Measured> runs)
    {
        var (main, cpu) = (runs.Min(Value), runs.Min(m => m.Cpu));
        return runs[0].Figure is not null ? Text($"{main:N2} {row.Unit}{(cpu > 0 ? Text($", CPU {cpu / 1000:N2} s") : "")}")
            : main < 1000 ? Text($"{main:N2}, {cpu:N2} ms") : Text($"{main / 1000:N2}, {cpu / 1000:N2} s");
    }

    private static string Memory(List<Measured> runs) => runs.Max(m => m.Resident) > 0 ? Text($"{runs.Max(m => m.Private):N0} ({runs.Max(m => m.Resident):N0})") : "";

    private static string Ratio(List<Measured> ours, List<Measured> theirs, Func<Measured, double> our, Func<Measured, double> their) =>
        theirs.Min(their) > 0 ? Text($"{ours.Min(our) / theirs.Min(their):N2} ({Statistics.Median(ours.Select(our)) / Statistics.Median(theirs.Select(their)):N2})") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Title(string format, BenchOptions options) => string.Format(CultureInfo.InvariantCulture, format.Replace("}", ":N0}", StringComparison.Ordinal), options.Rows, options.Threads, options.Files);
}
