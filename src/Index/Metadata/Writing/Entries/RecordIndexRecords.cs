using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Records of the record index: where each key that a commit adds is from then on, and which keys are gone (HoodieTableMetadataUtil.convertMetadataToRecordIndexRecords). Rows that only change keep
/// their entry, which names the commit that inserted them; so do those that compactions rewrite.
/// </summary>
/// <param name="folder">The metadata table.</param>
/// <param name="source">How data files are read.</param>
/// <param name="isPartitioned">Whether each data partition has file groups of its own in the index.</param>
internal sealed class RecordIndexRecords(MetadataFolder folder, MetadataSource source, bool isPartitioned)
{
    private readonly SliceEntries entries = new(folder.Data.Store, folder.Config, source, [], (keys, _) => keys);

    /// <summary>What a commit changes, before it is completed.</summary>
    public async ValueTask<IReadOnlyList<MetadataRecord>> OfCommitAsync(string instant, CommitMetadata metadata, CancellationToken cancellationToken)
    {
        if (metadata.OperationType is WriteOperations.Compact or WriteOperations.LogCompact)
        {
            return [];
        }

        var timeline = await folder.Data.LoadAsync(cancellationToken: cancellationToken);
        var groups = new ChangedGroups(folder.Data, timeline);
        bool onRings = await HashingMetadata.IsUsedAsync(folder.Data.Store, cancellationToken);
        var changes = new EntryChanges(entries, timeline, ChangedGroups.WithCompleted(timeline, instant));
        var collected = new CollectedRecords(isPartitioned);
        foreach (var group in await groups.WrittenAsync(metadata, cancellationToken))
        {
            if (await ChangesKeysAsync(groups, group, onRings, cancellationToken))
            {
                await AddAsync(changes, collected, group, instant, cancellationToken);
            }
        }

        // Clustering writes all rows again: their new entries take the place of the old ones.
        foreach (var group in metadata.OperationType == WriteOperations.Cluster ? [] : await groups.ReplacedAsync(metadata, cancellationToken))
        {
            await AddAsync(changes, collected, group, instant, cancellationToken);
        }

        return collected.Finish();
    }

    /// <summary>All rows of a table as a timeline shows them.</summary>
    public async ValueTask<IReadOnlyList<MetadataRecord>> OfTableAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var changes = new EntryChanges(entries, timeline, timeline);
        var collected = new CollectedRecords(isPartitioned);
        foreach (var slice in await new FileSystemView(folder.Data, timeline).GetAllSlicesAsync(cancellationToken: cancellationToken))
        {
            await AddAsync(changes, collected, new ChangedGroup(slice.PartitionPath, slice.FileId, null, slice, 0, 0), slice.BaseInstant, cancellationToken);
        }

        return collected.Finish();
    }

    private async ValueTask AddAsync(EntryChanges changes, CollectedRecords collected, ChangedGroup group, string instant, CancellationToken cancellationToken)
    {
        var entry = RecordIndexLocation.Make(group.PartitionPath, group.FileId, RecordIndexLocation.MillisOf(instant, folder.Data.Layout.Zone));
        await changes.FindAsync(group.Before, group.After, key => collected.Add(key, entry, group.PartitionPath), key => collected.Remove(key, group.PartitionPath), cancellationToken);
    }

    /// <summary>Whether a group may have other keys than before: what is logged says so by its deletes, or brings rows back that older logs delete; in buckets it may hold new ones.</summary>
    private static async ValueTask<bool> ChangesKeysAsync(ChangedGroups groups, ChangedGroup group, bool onRings, CancellationToken cancellationToken) =>
        group.Before is null || group.Inserts + group.Deletes > 0
        || (!group.IsLogged && group.Before.Logs.Count > 0)
        || (group.IsLogged && (onRings || BucketIdentifier.AreBuckets([group.FileId]) || await groups.HasDeletesAsync(group.Before, cancellationToken)));
}
