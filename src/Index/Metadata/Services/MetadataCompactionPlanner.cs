using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>When the metadata table is compacted, and of what: all file groups with logs, after ten delta commits.</summary>
internal sealed class MetadataCompactionPlanner(MetadataFolder folder)
{
    /// <summary>hoodie.metadata.compact.max.delta.commits.</summary>
    public const int DeltaCommits = 10;

    /// <summary>In version 6, after the latest delta commit's instant (HoodieTableMetadataUtil.OperationSuffix).</summary>
    private const string Suffix = "001";

    /// <summary>hoodie.parquet.max.file.size as metrics take it for a group without a base file.</summary>
    private const long NewFileBytes = 120L << 20;

    private static readonly HashSet<string> Compactions = [Actions.Compaction, Actions.Commit];

    /// <summary>A compaction that a process left when it died; otherwise a new one if it is time; otherwise null.</summary>
    public async ValueTask<Instant?> NextAsync(ActiveTimeline timeline, ActiveTimeline? data, string instant, CancellationToken cancellationToken)
    {
        if (timeline.Pending.FirstOrDefault(i => i.Action == Actions.Compaction) is { } left)
        {
            return left;
        }

        // What a log compaction has not finished would be planned twice.
        if (timeline.Pending.Any(i => i.Action == Actions.LogCompaction) || !IsTime(timeline) || !await IsSettledAsync(timeline, data, instant, cancellationToken))
        {
            return null;
        }

        var operations = new List<CompactionOperation>();
        var view = new FileSystemView(folder.Client, timeline);

        // What is being built may get its base files only later, with an earlier instant.
        foreach (var partition in folder.Config.MetadataPartitions)
        {
            operations.AddRange((await view.GetSlicesAsync(partition, cancellationToken: cancellationToken)).Where(s => s.Logs.Count > 0).Select(s => new CompactionOperation(
                s.PartitionPath, s.FileId, s.BaseInstant, s.Base?.FileName, [.. s.Logs.Select(l => l.FileName)], PlanMetrics.Of(s, NewFileBytes))));
        }

        if (operations.Count == 0)
        {
            return null;
        }

        var plan = new CompactionPlan(operations).Write();
        if (folder.Client.Layout.OrdersByCompletion)
        {
            return await folder.Client.RequestAsync(timeline, Actions.Compaction, plan, cancellationToken);
        }

        var planned = new Instant(Latest(timeline)!.RequestedTime + Suffix, Actions.Compaction, InstantState.Requested);
        return await folder.Client.TryRequestAsync(planned, plan, cancellationToken) ? planned : null;
    }

    private static Instant? Latest(ActiveTimeline timeline) => timeline.Instants.LastOrDefault(i => i is { IsCompleted: true, Action: Actions.DeltaCommit });

    private static bool IsTime(ActiveTimeline timeline)
    {
        var last = timeline.Instants.LastOrDefault(i => i.IsCompleted && Compactions.Contains(i.Action))?.RequestedTime;
        return timeline.Instants.Count(i => i is { IsCompleted: true, Action: Actions.DeltaCommit }
            && (last is null || string.CompareOrdinal(i.CompletionTime ?? i.RequestedTime, last) > 0)) >= DeltaCommits;
    }

    /// <summary>
    /// Whether no instant of the data table could still fail whose records are in the metadata table: base files are read without asking. In version 6, whose logs belong to the slice that
    /// they were begun on, any pending one before the latest delta commit counts, this one too, as in Hudi.
    /// </summary>
    private async ValueTask<bool> IsSettledAsync(ActiveTimeline timeline, ActiveTimeline? data, string instant, CancellationToken cancellationToken)
    {
        data ??= await folder.Data.LoadAsync(cancellationToken: cancellationToken);
        var latest = Latest(timeline)?.RequestedTime;
        var there = timeline.Instants.Where(i => i.IsCompleted).Select(i => i.RequestedTime).ToHashSet();
        return folder.Client.Layout.OrdersByCompletion
            ? !data.Pending.Any(i => i.RequestedTime != instant && there.Contains(i.RequestedTime))
            : !data.Pending.Any(i => string.CompareOrdinal(i.RequestedTime, latest) <= 0);
    }
}
