namespace OllaLab.Lakehouse.Timelines;

/// <content>Compactions that are planned.</content>
internal sealed partial class TimelineClient
{
    /// <summary>The plan of a compaction or log compaction, from its requested file.</summary>
    public async ValueTask<CompactionPlan> ReadCompactionPlanAsync(Instant instant, CancellationToken cancellationToken = default)
    {
        var path = PathOf(instant with { State = InstantState.Requested });
        var content = await Store.ReadAsync(path, cancellationToken);
        try
        {
            return CompactionPlan.Read(content.Span);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, "Roll the compaction back", e);
        }
    }

    /// <summary>The file groups of all compactions that are requested or inflight. Log compactions are not among them: they take nothing from a slice's logs until they are completed.</summary>
    public async ValueTask<PendingCompactions> ReadPendingCompactionsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        PendingCompactions? found = null;
        foreach (var instant in timeline.Pending.Where(i => i.Action == Actions.Compaction))
        {
            (found ??= new()).Add(instant.RequestedTime, await ReadCompactionPlanAsync(instant, cancellationToken));
        }

        return found ?? PendingCompactions.None;
    }
}
