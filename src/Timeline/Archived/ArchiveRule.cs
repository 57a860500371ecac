namespace OllaLab.Lakehouse.Timelines;

/// <summary>How much of a timeline stays active, by Hudi's settings and defaults (HoodieArchivalConfig).</summary>
/// <param name="Clean">What the cleaner keeps: those commits stay.</param>
internal sealed record ArchiveRule(CleanRule Clean)
{
    /// <summary>hoodie.keep.min.commits.</summary>
    public int MinCommits { get; init; } = 20;

    /// <summary>hoodie.keep.max.commits.</summary>
    public int MaxCommits { get; init; } = 30;

    /// <summary>hoodie.archive.beyond.savepoint.</summary>
    public bool BeyondSavepoint { get; init; }

    /// <summary>Delta commits that a compaction waits for, which stay until it has been (hoodie.compact.inline.max.delta.commits); null: none are kept for it.</summary>
    public int? CompactionDeltaCommits { get; init; }

    /// <summary>hoodie.commits.archival.batch: entries of a block, in version 6.</summary>
    public int Batch { get; init; } = 10;

    /// <summary>hoodie.timeline.compaction.batch.size.</summary>
    public int CompactionBatch { get; init; } = 10;

    /// <summary>hoodie.timeline.compaction.target.file.max.bytes.</summary>
    public long CompactedFileBytes { get; init; } = 1000L << 20;

    /// <summary>hoodie.timeline.manifest.retained.versions.</summary>
    public int ManifestsRetained { get; init; } = 3;

    /// <summary>Least and most commits that stay. Those that the cleaner keeps stay whatever is said here, and two more (ArchivalUtils.getMinAndMaxInstantsToKeep).</summary>
    public (int Min, int Max) Bounds(ActiveTimeline timeline, DateTimeOffset now)
    {
        if (Clean.EarliestToRetain(timeline, now) is not { } earliest)
        {
            return (MinCommits, MaxCommits);
        }

        int needed = timeline.CompletedWrites.Count(i => string.CompareOrdinal(i.RequestedTime, earliest.RequestedTime) > 0) + 2;
        return MinCommits >= needed ? (MinCommits, MaxCommits) : (needed, needed + MaxCommits - MinCommits);
    }
}
