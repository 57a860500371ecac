using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Whether instants can be taken back from the metadata table one by one (BaseHoodieWriteClient.restoreToSavepoint, HoodieBackedTableMetadataWriter.update(HoodieRestoreMetadata)): not where a base file
/// holds what they added, since it was compacted or a partition was built after them.
/// </summary>
internal sealed class MetadataUndo(MetadataFolder folder)
{
    // Of the delta commits that build a partition (format B.3).
    private const string BuildPrefix = "00000000000000";

    /// <param name="data">The table's timeline.</param>
    /// <param name="instants">Requested times of what is to be taken back.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<bool> IsPossibleAsync(ActiveTimeline data, IReadOnlyCollection<string> instants, CancellationToken cancellationToken)
    {
        var metadata = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        var earliest = string.Empty;
        foreach (var instant in instants)
        {
            var added = metadata.Find(instant).FirstOrDefault(i => i.Action == Actions.DeltaCommit);
            if (added is { IsCompleted: true })
            {
                var time = added.CompletionTime ?? added.RequestedTime;
                earliest = earliest.Length == 0 || string.CompareOrdinal(time, earliest) < 0 ? time : earliest;
            }
            else if (data.FindCompletedWrite(instant) is not null)
            {
                // It came before the metadata table.
                return false;
            }
        }

        return earliest.Length == 0 || !metadata.Instants.Any(i => IsCompaction(i) ? string.CompareOrdinal(i.RequestedTime, earliest) > 0 : Builds(data, i) && string.CompareOrdinal(i.IsCompleted ? i.CompletionTime ?? i.RequestedTime : "9", earliest) > 0);
    }

    // Planned ones too: the plan names logs that would be gone.
    private static bool IsCompaction(Instant instant) => instant.Action is Actions.Commit or Actions.Compaction or Actions.LogCompaction;

    private static bool Builds(ActiveTimeline data, Instant instant) =>
        instant.Action == Actions.DeltaCommit
        && (instant.RequestedTime.StartsWith(BuildPrefix, StringComparison.Ordinal) || data.Find(instant.RequestedTime).Any(i => i.Action == Actions.Indexing));
}
