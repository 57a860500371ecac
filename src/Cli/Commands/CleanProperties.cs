using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of a clean, by Hudi's names, those of 0.15 (hoodie.cleaner.*) among them.</summary>
internal static class CleanProperties
{
    /// <summary>Takes what it knows out of the pairs.</summary>
    public static CleanOptions Take(Dictionary<string, string> pairs, bool dryRun = false)
    {
        var d = new CleanOptions();
        T Get<T>(string key, string old, T otherwise, Func<string, string, T> convert) =>
            pairs.Remove(key, out var value) ? convert(key, value) : pairs.Remove(old, out var before) ? convert(old, before) : otherwise;
        return new CleanOptions
        {
            Policy = Get("hoodie.clean.policy", "hoodie.cleaner.policy", d.Policy, Policy),
            CommitsRetained = Get("hoodie.clean.commits.retained", "hoodie.cleaner.commits.retained", d.CommitsRetained, Count),
            FileVersionsRetained = Get("hoodie.clean.fileversions.retained", "hoodie.cleaner.fileversions.retained", d.FileVersionsRetained, Count),
            HoursRetained = Get("hoodie.clean.hours.retained", "hoodie.cleaner.hours.retained", d.HoursRetained, Count),
            TriggerCommits = Get("hoodie.clean.trigger.max.commits", "hoodie.clean.max.commits", d.TriggerCommits, Count),
            Incremental = Get("hoodie.clean.incremental.enabled", "hoodie.cleaner.incremental.mode", d.Incremental, WriteProperties.Boolean),
            DryRun = dryRun,
        };
    }

    /// <summary>The options of a clean given by hand: what is not known is refused.</summary>
    public static CleanOptions Read(Dictionary<string, string> pairs, bool dryRun)
    {
        try
        {
            var options = Take(pairs, dryRun);
            return pairs.Count == 0 ? options : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to cleans");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static CleaningPolicy Policy(string key, string value) => value.ToUpperInvariant() switch
    {
        "KEEP_LATEST_COMMITS" => CleaningPolicy.KeepLatestCommits,
        "KEEP_LATEST_FILE_VERSIONS" => CleaningPolicy.KeepLatestFileVersions,
        "KEEP_LATEST_BY_HOURS" => CleaningPolicy.KeepLatestByHours,
        _ => throw new UsageException($"--option {key}: {value} is not KEEP_LATEST_COMMITS, KEEP_LATEST_FILE_VERSIONS or KEEP_LATEST_BY_HOURS"),
    };

    private static int Count(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--option {key}: {value} is not a whole number");
}
