using System.IO.Compression;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>Files that are whole: of the golden tables that real Hudi wrote, and the vectors of its own classes. Read once, kept in memory.</summary>
internal static class Corpus
{
    private static readonly string[] Goldens =
    [
        "v6/cow_clean_archive", "v6/cow_savepoint_restore", "v6/mor_log_compaction", "v6/mor_metadata_indexes", "v6/mor_rollback", "v6/mor_pending_compaction", "v6/cow_schema_on_read", "v6/cow_clustering",
        "v8/mor_cdc", "v9/cow_savepoint_restore", "v9/cow_clustering", "v9/mor_cdc", "v9/mor_consistent_hashing", "v9/mor_secondary_index", "v9/mor_parquet_log", "v9/mor_types", "v9/cow_schema_on_read",
        "v9/mor_pending_compaction", "v9/mor_failed_write", "v9/mor_log_compaction", "v9/cow_metadata_indexes", "rs/rs_mor_rli_v9",
    ];

    private static readonly Lazy<IReadOnlyList<CorpusTable>> Read = new(() => [.. Goldens.Concat(Golden.Names("v9/cow_clean")).Distinct().Select(CorpusTable.Read)]);

    public static IReadOnlyList<CorpusTable> Tables => Read.Value;

    /// <summary>Files of all tables whose paths end so, empty ones aside; of those that are alike in size a few are enough.</summary>
    public static IReadOnlyList<Sample> Files(string ends) =>
        [.. Tables.SelectMany(t => t.Files).Where(f => f.Content.Length is > 0 and < 1_000_000 && f.Name.EndsWith(ends, StringComparison.Ordinal))];

    public static IEnumerable<Sample> Vectors(string folder) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "tests", "vectors", folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new Sample(System.IO.Path.GetFileName(f), File.ReadAllBytes(f)));
}

/// <summary>A golden table in memory.</summary>
/// <param name="Name">Of the golden.</param>
/// <param name="Files">Its files, named by golden and path.</param>
/// <param name="Modified">Their times, which version 6 goes by.</param>
internal sealed record CorpusTable(string Name, IReadOnlyList<Sample> Files, IReadOnlyDictionary<string, DateTimeOffset> Modified)
{
    private const string Root = "table/";

    public IReadOnlyDictionary<string, string> Properties => JavaProperties.Parse(Files.Single(f => f.Name == Name + "!" + TableConfig.Path).Content);

    /// <summary>The path of a sample in its table.</summary>
    public static string PathOf(Sample sample) => sample.Name[(sample.Name.IndexOf('!', StringComparison.Ordinal) + 1)..];

    public static CorpusTable Read(string golden)
    {
        using var zip = ZipFile.OpenRead(System.IO.Path.Combine(Repository.Goldens, golden + ".zip"));
        var entries = zip.Entries.Where(e => e.FullName.StartsWith(Root, StringComparison.Ordinal) && !e.FullName.EndsWith('/') && !e.Name.EndsWith(".crc", StringComparison.Ordinal)).OrderBy(e => e.FullName, StringComparer.Ordinal).ToList();
        return new(
            golden,
            [.. entries.Select(e => new Sample($"{golden}!{e.FullName[Root.Length..]}", Bytes(e)))],
            entries.ToDictionary(e => e.FullName[Root.Length..], e => e.LastWriteTime));
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
