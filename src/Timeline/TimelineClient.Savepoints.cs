namespace OllaLab.Lakehouse.Timelines;

/// <content>Savepoints and restores.</content>
internal sealed partial class TimelineClient
{
    /// <summary>All completed savepoints of a timeline. Without any it costs nothing.</summary>
    public async ValueTask<Savepoints> ReadSavepointsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        Savepoints? found = null;
        foreach (var instant in timeline.Instants.Where(i => i.IsCompleted && i.Action == Actions.Savepoint))
        {
            (found ??= new()).Add(instant.RequestedTime, await ReadAsync(instant, SavepointMetadata.Read, "Delete the savepoint, or restore its file", cancellationToken));
        }

        return found ?? Savepoints.None;
    }

    /// <summary>The plan of a restore, from its requested file.</summary>
    public ValueTask<RestorePlan> ReadRestorePlanAsync(Instant restore, CancellationToken cancellationToken = default) =>
        ReadAsync(restore with { State = InstantState.Requested }, RestorePlan.Read, "Let Hudi finish this restore", cancellationToken);

    /// <summary>
    /// The oldest commit whose files the latest clean leaves alone, planned or completed: what was written before may be gone, or go (SavepointActionExecutor). Null where no cleaner
    /// has been, or it names none.
    /// </summary>
    public async ValueTask<string?> ReadCleanedUpToAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        if (timeline.Instants.LastOrDefault(i => i.Action == Actions.Clean) is not { } clean)
        {
            return null;
        }

        var earliest = clean.IsCompleted
            ? (await ReadCleanMetadataAsync(clean, cancellationToken)).EarliestCommitToRetain
            : (await ReadCleanPlanAsync(clean, cancellationToken)).EarliestToRetain?.Time;
        return earliest is { Length: > 0 } ? earliest : null;
    }

    private async ValueTask<T> ReadAsync<T>(Instant instant, Parser<T> parse, string remedy, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(instant, cancellationToken);
        try
        {
            return parse(content.Span);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, PathOf(instant), instant.RequestedTime, remedy, e);
        }
    }

    private delegate T Parser<out T>(ReadOnlySpan<byte> content);
}
