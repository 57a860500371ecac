using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Looks, before a file is made, whether another living writer has announced one of the same file group (SimpleDirectMarkerBasedDetectionStrategy). It saves the work of a write that would lose; that none
/// is found means nothing: the check before the commit stands.
/// </summary>
internal sealed class EarlyConflicts(TimelineClient client, string instant)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim gate = new(1);
    private IReadOnlyList<(Instant Other, HashSet<(string Partition, string FileId)> Groups)> others = [];
    private long? looked;

    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>, with the other's instant.</exception>
    public async ValueTask CheckAsync(string partitionPath, string fileName, CancellationToken cancellationToken)
    {
        if (GroupOf(partitionPath, fileName) is not { } group)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (looked is not { } at || client.Environment.Clock.GetElapsedTime(at) > Fresh)
            {
                others = await LookAsync(cancellationToken);
                looked = client.Environment.Clock.GetTimestamp();
            }
        }
        finally
        {
            gate.Release();
        }

        if (others.FirstOrDefault(o => o.Groups.Contains(group)) is { Other: { } other })
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, $"another writer is at work on the same file group, in {other.RequestedTime}", client.Store.Root, ObjectPath.Join(partitionPath, fileName), instant, "Repeat the write when the other has ended");
        }
    }

    private async ValueTask<IReadOnlyList<(Instant, HashSet<(string, string)>)>> LookAsync(CancellationToken cancellationToken)
    {
        var found = new List<(Instant, HashSet<(string, string)>)>();
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        foreach (var other in timeline.Pending.Where(i => i.RequestedTime != instant && Actions.IsWrite(i.Action) && i.State == InstantState.Inflight))
        {
            if (await client.Locks.Heartbeats.IsAliveAsync(other, client.Layout, cancellationToken))
            {
                var markers = await new Markers(client.Store, other.RequestedTime).ListAsync(cancellationToken);
                found.Add((other, [.. markers.Select(m => GroupOf(ObjectPath.Folder(m.DataPath), m.DataPath[(m.DataPath.LastIndexOf('/') + 1)..])).OfType<(string, string)>()]));
            }
        }

        return found;
    }

    private static (string Partition, string FileId)? GroupOf(string partitionPath, string fileName) =>
        FileNames.TryParseBaseFile(partitionPath, fileName, 0, out var file) ? (partitionPath, file.FileId)
        : FileNames.TryParseLogFile(partitionPath, fileName, 0, out var log) ? (partitionPath, log.FileId)
        : null;
}
