using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse;

/// <summary>What a clean keeps and when one is due. Names and defaults are Hudi's.</summary>
public sealed class CleanOptions
{
    /// <summary>Default <see cref="CleaningPolicy.KeepLatestCommits"/> (hoodie.clean.policy).</summary>
    public CleaningPolicy Policy { get; init; } = CleaningPolicy.KeepLatestCommits;

    /// <summary>Commits whose snapshots stay; at least 1; default 10 (hoodie.clean.commits.retained).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int CommitsRetained { get; init => field = AtLeastOne(value); } = 10;

    /// <summary>Versions of a file group that stay; at least 1; default 3 (hoodie.clean.fileversions.retained).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int FileVersionsRetained { get; init => field = AtLeastOne(value); } = 3;

    /// <summary>Hours whose commits stay; at least 1; default 24 (hoodie.clean.hours.retained).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int HoursRetained { get; init => field = AtLeastOne(value); } = 24;

    /// <summary>After so many commits since the last clean one is due after a write; at least 1; default 1 (hoodie.clean.trigger.max.commits). A clean that is asked for does not wait.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int TriggerCommits { get; init => field = AtLeastOne(value); } = 1;

    /// <summary>Whether only partitions are looked at that were written since the last clean; default true (hoodie.clean.incremental.enabled).</summary>
    public bool Incremental { get; init; } = true;

    /// <summary>Whether it is only told what would be deleted; default false.</summary>
    public bool DryRun { get; init; }

    internal CleanRule Rule => new(Policy switch
    {
        CleaningPolicy.KeepLatestFileVersions => CleanPolicies.FileVersions,
        CleaningPolicy.KeepLatestByHours => CleanPolicies.Hours,
        _ => CleanPolicies.Commits,
    })
    {
        Commits = CommitsRetained,
        FileVersions = FileVersionsRetained,
        Hours = HoursRetained,
        Incremental = Incremental,
    };

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
