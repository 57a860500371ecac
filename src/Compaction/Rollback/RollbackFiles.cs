using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Finds and removes the data files of one instant (MarkerBasedRollbackStrategy, ListingBasedRollbackStrategy, BaseRollbackHelper).</summary>
internal sealed class RollbackFiles(IObjectStore store, string instant)
{
    /// <summary>
    /// By the write's markers. Where there are none, by a listing: Hudi would plan nothing then and leave the files behind, to become visible once the timeline is archived past
    /// their instant (HoodieTimeline.containsOrBeforeTimelineStarts).
    /// </summary>
    public async ValueTask<IReadOnlyList<RollbackRequest>> FindForPendingAsync(CancellationToken cancellationToken)
    {
        var markers = new Markers(store, instant);
        return await markers.ExistAsync(cancellationToken)
            ? (await markers.ListAsync(cancellationToken)).Select(FromMarker).DistinctBy(r => r.FilesToBeDeleted[0]).ToList()
            : await FindByListingAsync(cancellationToken);
    }

    /// <summary>Every base and CDC file of the instant in every partition.</summary>
    public async ValueTask<IReadOnlyList<RollbackRequest>> FindByListingAsync(CancellationToken cancellationToken)
    {
        var requests = new List<RollbackRequest>();
        foreach (var partition in await PartitionListing.ListAsync(store, null, cancellationToken))
        {
            foreach (var name in await store.ListNamesAsync(partition, cancellationToken))
            {
                if (IsOfInstant(name))
                {
                    requests.Add(Request(partition, name));
                }
            }
        }

        return requests;
    }

    /// <summary>Deletes what a plan names; a file that is gone already counts as deleted. Returns full paths by partition, as the rollback's metadata wants them.</summary>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> DeleteAsync(RollbackPlan plan, CancellationToken cancellationToken)
    {
        // All names are checked before the first file is deleted.
        var targets = plan.Requests.SelectMany(r => r.FilesToBeDeleted.Select(f => (r.PartitionPath, Name: Checked(r, f)))).Distinct().ToList();
        var deleted = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (partition, name) in targets)
        {
            await store.DeleteAsync(Join(partition, name), cancellationToken);
            if (!deleted.TryGetValue(partition, out var files))
            {
                deleted[partition] = files = new List<string>();
            }

            ((List<string>)files).Add(FullPath(partition, name));
        }

        return deleted;
    }

    private RollbackRequest FromMarker(Marker marker)
    {
        int slash = marker.DataPath.LastIndexOf('/');
        var (partition, name) = slash < 0 ? (string.Empty, marker.DataPath) : (marker.DataPath[..slash], marker.DataPath[(slash + 1)..]);
        return marker.Type != MarkerType.Append && IsOfInstant(name)
            ? Request(partition, name)
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"the marker of '{marker.DataPath}' is not one of a copy-on-write data file of this instant",
                store.Root,
                ".hoodie/.temp/" + instant,
                instant,
                "Roll the instant back with Hudi");
    }

    /// <summary>Only the name of a planned file is trusted, since a table may have been moved, and only when it bears the instant: a plan must never delete another commit's file.</summary>
    private string Checked(RollbackRequest request, string file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        if (request.LogBlocksToBeDeleted.Count > 0 || !IsOfInstant(name))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"the rollback plan wants more than to delete files of its instant: '{file}'", store.Root, instant: instant, remedy: "Let Hudi execute this rollback");
        }

        return name;
    }

    private bool IsOfInstant(string name) =>
        (FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) && file.Instant == instant)
        || (FileNames.TryParseLogFile(string.Empty, name, 0, out var log) && log.Instant == instant);

    private RollbackRequest Request(string partition, string name) => new(partition, [FullPath(partition, name)], new Dictionary<string, long>());

    private string FullPath(string partition, string name) => store.Root.TrimEnd('/') + "/" + Join(partition, name);

    private static string Join(string partition, string name) => partition.Length == 0 ? name : partition + "/" + name;
}
