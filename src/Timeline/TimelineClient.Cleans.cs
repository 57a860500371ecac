namespace OllaLab.Lakehouse.Timelines;

/// <content>What cleans plan and did.</content>
internal sealed partial class TimelineClient
{
    /// <summary>The plan of a clean, from its requested file.</summary>
    public ValueTask<CleanPlan> ReadCleanPlanAsync(Instant clean, CancellationToken cancellationToken = default) =>
        ReadAsync(clean with { State = InstantState.Requested }, CleanPlan.Read, "Let Hudi execute this clean; a plan that was never written whole can be removed with its inflight file", cancellationToken);

    /// <summary>What a completed clean did.</summary>
    public ValueTask<CleanMetadata> ReadCleanMetadataAsync(Instant clean, CancellationToken cancellationToken = default) =>
        ReadAsync(clean, CleanMetadata.Read, "Remove the clean's files: the next one looks at all partitions again", cancellationToken);
}
