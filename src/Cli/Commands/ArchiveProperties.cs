using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of an archiving, by Hudi's names.</summary>
internal static class ArchiveProperties
{
    /// <summary>Takes what it knows out of the pairs.</summary>
    public static ArchiveOptions Take(Dictionary<string, string> pairs, CleanOptions? clean = null, CompactionOptions? compaction = null, bool dryRun = false)
    {
        var d = new ArchiveOptions();
        T Get<T>(string key, T otherwise, Func<string, string, T> convert) => pairs.Remove(key, out var value) ? convert(key, value) : otherwise;
        return new ArchiveOptions
        {
            MinCommits = Get("hoodie.keep.min.commits", d.MinCommits, Count),
            MaxCommits = Get("hoodie.keep.max.commits", d.MaxCommits, Count),
            BeyondSavepoint = Get("hoodie.archive.beyond.savepoint", d.BeyondSavepoint, WriteProperties.Boolean),
            HistoryBatch = Get("hoodie.timeline.compaction.batch.size", d.HistoryBatch, Count),
            Clean = clean,
            Compaction = compaction,
            DryRun = dryRun,
        };
    }

    /// <summary>The options of an archiving given by hand, with those of cleans and compactions, which it depends on: what is not known is refused.</summary>
    public static ArchiveOptions Read(Dictionary<string, string> pairs, bool dryRun)
    {
        try
        {
            var options = Take(pairs, CleanProperties.Take(pairs), CompactionProperties.Take(pairs), dryRun);
            return pairs.Count == 0 ? options : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to archiving");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static int Count(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--option {key}: {value} is not a whole number");
}
