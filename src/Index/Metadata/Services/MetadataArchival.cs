using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Archives the metadata table's timeline, which gets an instant with each of the data table's (HoodieBackedTableMetadataWriter.performTableServices): as far as the data table's own was archived, so that
/// what is active there can still be taken back here, and as far as it was compacted, so that every log that counts has its instant.
/// </summary>
/// <param name="folder">The metadata table.</param>
internal sealed class MetadataArchival(MetadataFolder folder)
{
    // HoodieMetadataWriteUtils.createMetadataWriteConfig: the defaults of hoodie.keep.min.commits and hoodie.keep.max.commits, and one; its cleaner keeps versions, not commits.
    private static readonly ArchiveRule Rule = new(new CleanRule(CleanPolicies.FileVersions)) { MinCommits = 21, MaxCommits = 31, CompactionDeltaCommits = MetadataCompactionPlanner.DeltaCommits };

    /// <param name="timeline">The metadata table's.</param>
    /// <param name="data">The data table's; null: it is loaded.</param>
    /// <param name="cancellationToken">Ends the work; the next run finishes it.</param>
    /// <returns>Whether something was archived.</returns>
    public async ValueTask<bool> RunAsync(ActiveTimeline timeline, ActiveTimeline? data, CancellationToken cancellationToken)
    {
        var client = folder.Client;
        if (timeline.UnknownFiles.Count > 0 || timeline.CompletedWrites.Count() <= Rule.MaxCommits || Compacted(timeline) is not { } compacted)
        {
            return false;
        }

        data ??= await folder.Data.LoadAsync(cancellationToken: cancellationToken);
        var active = data.Instants.FirstOrDefault(i => !i.IsCompleted || Actions.IsWrite(i.Action))?.RequestedTime;
        var plan = await new ArchivePlanner(client, new FileSystemView(client, timeline), Rule).SelectAsync(active is null ? [compacted] : [compacted, active], cancellationToken, onlyWithCommits: client.Layout.OrdersByCompletion);
        if (plan.Instants.Count == 0)
        {
            return false;
        }

        await folder.Data.Locks.RunAsync(
            async section =>
            {
                await new ArchiveRun(client, Rule).RunAsync(plan, section.RequireHeldAsync, cancellationToken);
                return true;
            },
            cancellationToken);
        return true;
    }

    /// <summary>
    /// From when on instants may have logs that no base file has taken up; null: it was never compacted. By completion in layout 2: the write within which a compaction ran was requested before it, and its
    /// log came after.
    /// </summary>
    private static string? Compacted(ActiveTimeline timeline) =>
        timeline.Instants.LastOrDefault(i => i is { IsCompleted: true, Action: Actions.Commit })?.RequestedTime is { } compaction
            ? timeline.CompletedWrites.First(i => string.CompareOrdinal(timeline.Layout.OrdersByCompletion ? i.CompletionTime ?? i.RequestedTime : i.RequestedTime, compaction) >= 0).RequestedTime
            : null;
}
