namespace OllaLab.Lakehouse.Metadata;

/// <summary>Records and deletions of one commit's index: of a key that goes from one file group and comes to another, the new record stays (HoodieTableMetadataUtil.reduceByKeys).</summary>
/// <param name="byPartition">Whether keys are told apart by data partition.</param>
internal sealed class CollectedRecords(bool byPartition)
{
    private readonly List<MetadataRecord> added = [];
    private readonly HashSet<(string? Partition, string Key)> removed = [];

    public void Add(string key, MetadataPayload payload, string dataPartition) => added.Add(new MetadataRecord(key, payload, byPartition ? dataPartition : null));

    public void Remove(string key, string dataPartition) => removed.Add((byPartition ? dataPartition : null, key));

    public IReadOnlyList<MetadataRecord> Finish()
    {
        if (removed.Count > 0)
        {
            foreach (var record in added)
            {
                removed.Remove((record.DataPartition, record.Key));
            }
        }

        added.AddRange(removed.Select(r => new MetadataRecord(r.Key, null, r.Partition)));
        return added;
    }
}
