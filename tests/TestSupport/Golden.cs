using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>A golden table: written by real Hudi, with its answers. Unzipped once for each test process (modification times kept); do not write into <see cref="Table"/>, take a copy.</summary>
public sealed class Golden
{
    private static readonly ConcurrentDictionary<string, Lazy<Golden>> Opened = new();
    private static readonly string Scratch = Directory.CreateTempSubdirectory("lakehouse-goldens-").FullName;

    // The test runner takes a process that needs ten seconds to end for one that hangs: on a busy machine the rest of the thousands of small files is left to the system's temporary folder.
    static Golden() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Run(() => Directory.Delete(Scratch, recursive: true)).Wait(TimeSpan.FromSeconds(5));

    private Golden(string name)
    {
        Name = name;
        Folder = Path.Combine(Scratch, name.Replace('/', '_'));
        ZipFile.ExtractToDirectory(Path.Combine(Repository.Goldens, name + ".zip"), Folder);
        Scenario = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Expected, "scenario.json"))).RootElement;
    }

    /// <summary>As in "v9/cow_partitioned".</summary>
    public string Name { get; }

    public string Folder { get; }

    public string Table => Path.Combine(Folder, "table");

    public string Expected => Path.Combine(Folder, "expected");

    public JsonElement Scenario { get; }

    /// <summary>6, 8 or 9, from hoodie.properties.</summary>
    public int Version => int.Parse(Property("hoodie.table.version") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Names of all goldens under a prefix such as "v9/cow_".</summary>
    public static IEnumerable<string> Names(string prefix = "") =>
        Directory.EnumerateFiles(Repository.Goldens, "*.zip", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Goldens, f)[..^4].Replace('\\', '/'))
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static Golden Open(string name) => Opened.GetOrAdd(name, n => new Lazy<Golden>(() => new Golden(n))).Value;

    /// <summary>A property of the table as it stands in the file, or null.</summary>
    public string? Property(string key) =>
        File.ReadLines(Path.Combine(Table, ".hoodie", "hoodie.properties"))
            .Where(l => l.StartsWith(key + "=", StringComparison.Ordinal))
            .Select(l => l[(key.Length + 1)..])
            .FirstOrDefault();

    /// <summary>The expected files whose names begin so, as in "asof_".</summary>
    public IEnumerable<string> Answers(string prefix) =>
        Directory.EnumerateFiles(Expected, prefix + "*.jsonl").Order(StringComparer.Ordinal);

    public static IEnumerable<JsonElement> Rows(string file) =>
        File.ReadLines(file).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement);

    /// <summary>A copy of the table that a test may write into; the caller deletes it.</summary>
    public string CopyTable()
    {
        var target = Directory.CreateTempSubdirectory("lakehouse-copy-").FullName;
        foreach (var folder in Directory.EnumerateDirectories(Table, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(Table, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(Table, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Table, file));
            File.Copy(file, copy);
            File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));
        }

        return target;
    }
}
