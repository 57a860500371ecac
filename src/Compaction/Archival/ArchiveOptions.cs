using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse;

/// <summary>How much of a table's timeline stays active. Names and defaults are Hudi's.</summary>
public sealed class ArchiveOptions
{
    /// <summary>Commits that stay at least; at least 1 and less than <see cref="MaxCommits"/>; default 20 (hoodie.keep.min.commits). Those that the cleaner keeps stay too, and two more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MinCommits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 20;

    /// <summary>From more commits than this on the oldest are archived; default 30 (hoodie.keep.max.commits).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 2.</exception>
    public int MaxCommits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 30;

    /// <summary>Whether commits after a savepoint are archived, the savepointed ones themselves staying; default false: archiving stops there (hoodie.archive.beyond.savepoint).</summary>
    public bool BeyondSavepoint { get; init; }

    /// <summary>Versions 8 and 9: so many history files of a level are put together into one of the next; at least 2; default 10 (hoodie.timeline.compaction.batch.size).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 2.</exception>
    public int HistoryBatch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 10;

    /// <summary>What the table's cleaner keeps; null: Hudi's defaults. A write gives its own.</summary>
    public CleanOptions? Clean { get; init; }

    /// <summary>When the table's compactions are due; null: Hudi's defaults. A write gives its own.</summary>
    public CompactionOptions? Compaction { get; init; }

    /// <summary>Whether it is only told what would be archived; default false.</summary>
    public bool DryRun { get; init; }

    /// <param name="clean">Of the write; null: this one's.</param>
    /// <param name="compaction">Of the write; null: this one's.</param>
    /// <param name="mergeOnRead">Whether the table has compactions.</param>
    internal ArchiveRule ToRule(CleanOptions? clean, CompactionOptions? compaction, bool mergeOnRead)
    {
        if (MinCommits >= MaxCommits)
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"hoodie.keep.min.commits is {MinCommits} and hoodie.keep.max.commits {MaxCommits}", remedy: "Let more commits stay at most than at least");
        }

        var compacts = Compaction ?? compaction ?? new CompactionOptions();
        return new ArchiveRule((Clean ?? clean ?? new CleanOptions()).Rule)
        {
            MinCommits = MinCommits,
            MaxCommits = MaxCommits,
            BeyondSavepoint = BeyondSavepoint,
            CompactionBatch = HistoryBatch,
            CompactionDeltaCommits = mergeOnRead && compacts.Trigger is CompactionTrigger.Commits or CompactionTrigger.CommitsAndTime ? compacts.DeltaCommits : null,
        };
    }
}
