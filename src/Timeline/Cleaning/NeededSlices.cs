namespace OllaLab.Lakehouse.Timelines;

/// <summary>File slices that must stay whatever their age: those that compactions and log compactions are planned for, and those that savepoints name.</summary>
internal sealed class NeededSlices
{
    private readonly Dictionary<(string Partition, string FileId), string> planned = [];
    private readonly Savepoints savepoints;

    private NeededSlices(Savepoints savepoints) => this.savepoints = savepoints;

    public static async ValueTask<NeededSlices> ReadAsync(TimelineClient client, FileSystemView view, Savepoints savepoints, CancellationToken cancellationToken)
    {
        var needed = new NeededSlices(savepoints);
        foreach (var pending in view.Timeline.Pending.Where(i => i.Action is Actions.Compaction or Actions.LogCompaction))
        {
            foreach (var operation in (await client.ReadCompactionPlanAsync(pending, cancellationToken)).Operations)
            {
                // Of several plans the one that needs the oldest slice counts.
                var group = (operation.PartitionPath, operation.FileId);
                needed.planned[group] = needed.planned.TryGetValue(group, out var other) && string.CompareOrdinal(other, operation.BaseInstant) < 0 ? other : operation.BaseInstant;
            }
        }

        return needed;
    }

    public bool Keep(FileSlice slice) => IsPlanned(slice) || IsSavepointed(slice);

    /// <summary>Whether a savepoint names a file of the slice.</summary>
    public bool IsSavepointed(FileSlice slice) => savepoints.Keep(slice);

    /// <summary>Whether a service is planned for the slice: it, and all that came since.</summary>
    public bool IsPlanned(FileSlice slice) => planned.TryGetValue((slice.PartitionPath, slice.FileId), out var instant) && string.CompareOrdinal(slice.BaseInstant, instant) >= 0;

    /// <summary>Whether a service is planned for the file group.</summary>
    public bool IsPlanned(FileGroup group) => planned.ContainsKey((group.PartitionPath, group.FileId));
}
