namespace OllaLab.Lakehouse.Timelines;

/// <summary>The file slices of a plan, with the logs that are to be merged.</summary>
internal static class PlannedSlices
{
    /// <summary>
    /// The slices that a compaction takes the place of. Their logs are those that no reader sees any more once it is completed: the planned ones, and any that another process completed
    /// before the compaction was requested without the plan knowing of it.
    /// </summary>
    public static ValueTask<IReadOnlyList<FileSlice>> OfCompactionAsync(FileSystemView view, string compaction, CompactionPlan plan, CancellationToken cancellationToken) =>
        FindAsync(view, plan, (log, operation) => view.Timeline.Layout.OrdersByCompletion
            ? string.CompareOrdinal(view.Timeline.CompletionTimeOf(log.Instant), compaction) < 0
            : log.Instant == operation.BaseInstant, cancellationToken);

    /// <summary>The slices of a log compaction, with the planned logs: later ones stay as they are.</summary>
    public static ValueTask<IReadOnlyList<FileSlice>> OfLogCompactionAsync(FileSystemView view, CompactionPlan plan, CancellationToken cancellationToken) =>
        FindAsync(view, plan, (log, operation) => operation.LogFileNames.Contains(log.FileName), cancellationToken);

    private static async ValueTask<IReadOnlyList<FileSlice>> FindAsync(
        FileSystemView view, CompactionPlan plan, Func<LogFile, CompactionOperation, bool> isMerged, CancellationToken cancellationToken)
    {
        var found = new List<FileSlice>(plan.Operations.Count);
        foreach (var operation in plan.Operations)
        {
            var groups = await view.GetFileGroupsAsync(operation.PartitionPath, cancellationToken);
            var slice = groups.FirstOrDefault(g => g.FileId == operation.FileId)?.Slices.FirstOrDefault(s => s.BaseInstant == operation.BaseInstant);
            if (slice is null || slice.Base?.FileName != operation.BaseFileName)
            {
                throw Missing(operation, operation.BaseFileName ?? "the slice of " + operation.BaseInstant);
            }

            var logs = slice.Logs.Where(l => isMerged(l, operation)).ToList();
            if (operation.LogFileNames.FirstOrDefault(name => logs.TrueForAll(l => l.FileName != name)) is { } missing)
            {
                throw Missing(operation, missing);
            }

            found.Add(slice with { Logs = logs });
        }

        return found;
    }

    private static LakehouseException Missing(CompactionOperation operation, string name) => new(
        LakehouseErrorKind.NotFound,
        "A compaction was planned of a file that is not there, or whose commit was rolled back",
        path: operation.PartitionPath.Length == 0 ? name : operation.PartitionPath + "/" + name,
        remedy: "Restore the file, or remove the compaction's requested file to plan anew");
}
