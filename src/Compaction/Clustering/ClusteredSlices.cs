using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>The file slices of a clustering plan as the table has them. A slice that is not as planned is not rewritten: what was written to it since would be lost.</summary>
internal static class ClusteredSlices
{
    public static async ValueTask<IReadOnlyList<FileSlice>> FindAsync(FileSystemView view, string clustering, ClusteringGroup group, CancellationToken cancellationToken)
    {
        var there = (await view.GetSlicesAsync(group.PartitionPath, cancellationToken: cancellationToken)).ToDictionary(s => s.FileId);
        return [.. group.Slices.Select(planned => there.TryGetValue(planned.FileId, out var slice) && IsAsPlanned(slice, planned) ? slice : throw Changed(clustering, planned))];
    }

    private static bool IsAsPlanned(FileSlice slice, ClusteringSlice planned) =>
        slice.Base?.FileName == planned.BaseFileName && slice.Logs.Select(l => l.FileName).ToHashSet().SetEquals(planned.LogFileNames);

    private static LakehouseException Changed(string clustering, ClusteringSlice planned) => new(
        LakehouseErrorKind.Conflict,
        $"File group {planned.FileId} in partition '{planned.PartitionPath}' has changed, or is gone, since its clustering was planned",
        path: planned.PartitionPath,
        instant: clustering,
        remedy: "Roll the clustering back (cluster --rollback) and plan another");
}
