using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Records of a secondary index: one for each row, whose key has the value and the record key. A row that changes its value loses an entry and gets another
/// (SecondaryIndexRecordGenerationUtils.convertWriteStatsToSecondaryIndexRecords).
/// </summary>
/// <param name="folder">The metadata table.</param>
/// <param name="source">How data files are read.</param>
/// <param name="definition">The index.</param>
internal sealed class SecondaryIndexRecords(MetadataFolder folder, MetadataSource source, IndexDefinition definition)
{
    private static readonly SecondaryIndexPayload Live = new(IsDeleted: false);

    private readonly SliceEntries entries = new(
        folder.Data.Store, folder.Config, source, definition.SourceFields, (keys, rows) => SecondaryIndexColumn.Entries(keys, rows, definition.SourceFields[0]));

    /// <summary>What a commit changes, before it is completed.</summary>
    public async ValueTask<IReadOnlyList<MetadataRecord>> OfCommitAsync(string instant, CommitMetadata metadata, CancellationToken cancellationToken)
    {
        // They put rows elsewhere, of which the index says nothing.
        if (metadata.OperationType is WriteOperations.Compact or WriteOperations.LogCompact or WriteOperations.Cluster)
        {
            return [];
        }

        var timeline = await folder.Data.LoadAsync(cancellationToken: cancellationToken);
        var groups = new ChangedGroups(folder.Data, timeline);
        return await CollectAsync(new EntryChanges(entries, timeline, ChangedGroups.WithCompleted(timeline, instant)), [.. await groups.WrittenAsync(metadata, cancellationToken), .. await groups.ReplacedAsync(metadata, cancellationToken)], cancellationToken);
    }

    /// <summary>All rows of a table as a timeline shows them.</summary>
    public async ValueTask<IReadOnlyList<MetadataRecord>> OfTableAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var slices = await new FileSystemView(folder.Data, timeline).GetAllSlicesAsync(cancellationToken: cancellationToken);
        return await CollectAsync(new EntryChanges(entries, timeline, timeline), slices.Select(s => new ChangedGroup(s.PartitionPath, s.FileId, null, s, 0, 0)), cancellationToken);
    }

    private async ValueTask<IReadOnlyList<MetadataRecord>> CollectAsync(EntryChanges changes, IEnumerable<ChangedGroup> groups, CancellationToken cancellationToken)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            await changes.FindAsync(group.Before, group.After, entry => added.Add(entry), entry => removed.Add(entry), cancellationToken);
        }

        removed.ExceptWith(added);
        return [.. added.Select(e => new MetadataRecord(e, Live)), .. removed.Select(e => new MetadataRecord(e, null))];
    }
}
