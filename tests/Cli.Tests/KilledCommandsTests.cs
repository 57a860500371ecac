using System.Text.Json;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>
/// Each operation and service as a process of its own, killed at random: the table reads right at once, and the same command again finishes the work. More runs than the 5 of each: KILLED_RUNS=50.
/// </summary>
public sealed class KilledCommandsTests : IDisposable
{
    private const string Columns = "id,part,ts,n";
    private static readonly (int Version, string Type)[] Tables = [(9, "cow"), (9, "mor"), (6, "mor"), (8, "mor"), (6, "cow")];
    private readonly string folder = Directory.CreateTempSubdirectory("killed-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("write")]
    [InlineData("write --operation delete")]
    [InlineData("write --operation insert_overwrite")]
    [InlineData("write --operation insert_overwrite_table")]
    [InlineData("write --option hoodie.clean.commits.retained=1 --option hoodie.keep.min.commits=2 --option hoodie.keep.max.commits=3 --option hoodie.compact.inline=true --option hoodie.compact.inline.max.delta.commits=1")]
    [InlineData("delete --where n>5")]
    [InlineData("update --where n>5 --set n=5")]
    [InlineData("merge --delete-matched source.n>8 --update-matched --insert source.n<8")]
    [InlineData("delete-partitions p")]
    [InlineData("compact")]
    [InlineData("logcompact --option hoodie.log.compaction.blocks.threshold=2")]
    [InlineData("cluster --order n")]
    [InlineData("clean --option hoodie.clean.commits.retained=1")]
    [InlineData("archive --option hoodie.keep.min.commits=2 --option hoodie.keep.max.commits=3 --option hoodie.clean.commits.retained=1")]
    [InlineData("rollback --instant LATEST")]
    [InlineData("savepoint create")]
    [InlineData("restore --to FIRST")]
    [InlineData("alter TABLE add note string")]
    [InlineData("upgrade --to 9")]
    [InlineData("downgrade --to 6")]
    [InlineData("index create TABLE record_index")]
    public async Task A_killed_command_does_no_harm_and_is_finished_by_the_next(string command)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var runs = int.TryParse(Environment.GetEnvironmentVariable("KILLED_RUNS"), out var wanted) ? wanted : 5;
        var tables = Tables.Where(t => Fits(command, t.Version, t.Type)).ToArray();
        var made = new Dictionary<(int, string), Made>();
        foreach (var kind in tables.Take(runs))
        {
            made[kind] = await MakeAsync(command, kind.Version, kind.Type);
        }

        // How long the work takes is learned on the way.
        var work = TimeSpan.FromMilliseconds(300);
        for (var run = 0; run < runs; run++)
        {
            var table = made[tables[run % tables.Length]];
            var wait = random.NextDouble() * work;
            try
            {
                work *= await KillAsync(table, wait) ? 0.8 : 1.3;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, run {run}, table {table.Folder}, killed after {wait.TotalMilliseconds} ms of work: {e.Message}", e);
            }
        }
    }

    // What compactions have nothing to do with, and conversions that go nowhere.
    private static bool Fits(string command, int version, string type) =>
        (type == "mor" || !command.Contains("compact", StringComparison.Ordinal))
        && !(version == 9 && command.StartsWith("upgrade", StringComparison.Ordinal))
        && !(version == 6 && (command.StartsWith("downgrade", StringComparison.Ordinal) || command.Contains("record_index", StringComparison.Ordinal)));

    /// <summary>A table with a few commits, what it may hold while the command is under way, and what it holds afterwards.</summary>
    private async Task<Made> MakeAsync(string command, int version, string type)
    {
        var table = Path.Combine(folder, $"{type}{version}");
        await Cli.DoAsync("", "create", table, "--name", "t", "--schema", "id string, part string, ts bigint, n bigint", "--key", "id", "--partition", "part", "--ordering", "ts", "--type", type, "--table-version", $"{version}");
        var states = new List<string>();
        foreach (var (ts, ids) in new[] { (1, Enumerable.Range(0, 20)), (2, Enumerable.Range(3, 8)), (3, Enumerable.Range(6, 16)), (4, Enumerable.Range(0, 5)) })
        {
            await Cli.DoAsync(Rows(ids, ts), "write", table, "--input", "-", "--option", "hoodie.clean.automatic=false");
            states.Add(await ReadAsync(table));
        }

        var instants = (await TimelineAsync(table)).Select(i => i.GetProperty("instant").GetString()!).ToList();
        var words = command.Replace("LATEST", instants[^1], StringComparison.Ordinal).Replace("FIRST", instants[0], StringComparison.Ordinal).Split(' ').ToList();
        if (!words.Contains("TABLE"))
        {
            words.Insert(words[0] is "savepoint" ? 2 : 1, "TABLE");
        }

        var input = words[0] is "write" or "merge" ? Rows(Enumerable.Range(4, 6).Concat([90, 91]), 9, only: command.Contains("overwrite ", StringComparison.Ordinal) ? "p" : null) : string.Empty;
        words.AddRange(input.Length > 0 ? ["--input", "-"] : []);
        var copy = Copy(table);
        await RunAsync(words, copy, input);
        var after = await ReadAsync(copy);
        Directory.Delete(copy, true);

        // A restore takes one commit back after another.
        return new Made(table, words, input, words[0] == "restore" ? [.. states] : [states[^1], after], after);
    }

    /// <returns>Whether the command had ended by itself.</returns>
    private async Task<bool> KillAsync(Made made, TimeSpan wait)
    {
        var copy = Copy(made.Folder);
        using var process = Start(made, copy);
        await WorkBegunAsync(copy, process);
        await Task.Delay(wait);
        process.Kill();
        var (code, _, _) = await process.WaitAsync();
        var found = await ReadAsync(copy);
        Assert.Contains(found, code == 0 ? [made.After] : made.Allowed);
        if (made.Words[0] == "index")
        {
            // What is planned is built by a command of its own.
            await Cli.DoAsync("", "index", "run", copy);
        }

        var again = await Cli.RunAsync([.. made.Words.Select(w => w == "TABLE" ? copy : w)], made.Input);

        // Refused is what the dead had done altogether, as a rollback of what is gone.
        Assert.True(again.Code == 0 || found == made.After, again.Error);
        Assert.Equal(made.After, await ReadAsync(copy));
        Assert.DoesNotContain(await TimelineAsync(copy), i => i.GetProperty("state").GetString() != "completed");

        // Markers of what was completed are of no harm, nor is the backup of properties that were changed: the next change removes it.
        var (_, problems, _) = await Cli.RunAsync(["validate", copy, "--json"]);
        Assert.DoesNotContain(Lines(problems), p => p.GetProperty("kind").GetString() is not ("DanglingMarkers" or "Properties"));
        Directory.Delete(copy, true);
        return code == 0;
    }

    // A process takes most of its time to start: what counts begins with the first file.
    private static async Task WorkBegunAsync(string table, LakehouseProcess process)
    {
        var timeline = Directory.Exists(table + "/.hoodie/timeline") ? table + "/.hoodie/timeline" : table + "/.hoodie";
        var before = Directory.GetFileSystemEntries(timeline).Length;
        var ended = process.WaitAsync();
        while (Directory.GetFileSystemEntries(timeline).Length == before && !ended.IsCompleted)
        {
            await Task.Delay(1);
        }
    }

    private static LakehouseProcess Start(Made made, string table) =>
        LakehouseProcess.Start(made.Input, new Dictionary<string, string>(), [.. made.Words.Select(w => w == "TABLE" ? table : w)]);

    private static async Task RunAsync(IReadOnlyList<string> words, string table, string input) => await Cli.DoAsync(input, [.. words.Select(w => w == "TABLE" ? table : w)]);

    private static string Rows(IEnumerable<int> ids, int ts, string? only = null) => string.Concat(ids.Where(i => only is null || Part(i) == only)
        .Select(i => JsonSerializer.Serialize(new { id = $"k{i:00}", part = Part(i), ts, n = i % 10 }) + "\n"));

    private static string Part(int id) => id % 2 == 0 ? "p" : "q";

    private static async Task<string> ReadAsync(string table) =>
        string.Join('\n', (await Cli.DoAsync("", "read", table, "--format", "jsonl", "--columns", Columns)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    private static async Task<List<JsonElement>> TimelineAsync(string table) =>
        [.. Lines(await Cli.DoAsync("", "timeline", table, "--json"))];

    private static IEnumerable<JsonElement> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement);

    private string Copy(string from)
    {
        var to = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }

        return to;
    }

    private sealed record Made(string Folder, IReadOnlyList<string> Words, string Input, IReadOnlyCollection<string> Allowed, string After);
}
