using System.Collections.Concurrent;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// The table's file groups as one loaded timeline shows them (HoodieTableFileSystemView), of the files that a listing names. Partitions are listed once, when first asked for. Time travel is Hudi's:
/// a slice is visible as of T when its base instant's requested time is not after T, and a replaced group is hidden from T on when the replace commit's requested time is not;
/// so T may be a requested time, a completion time or any moment between.
/// </summary>
internal sealed class FileSystemView
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<FileGroup>>>> groups = new();
    private readonly Lazy<Task<IReadOnlyList<string>>> partitions;
    private readonly Lazy<Task<ReplacedFileGroups>> replaced;
    private readonly Lazy<Task<PendingCompactions>> pending;
    private readonly Lazy<Task<ArchivedTimeline>> archived;
    private readonly IFileListing listing;
    private readonly bool changeData;

    /// <param name="client">The table's timeline.</param>
    /// <param name="timeline">As loaded.</param>
    /// <param name="listing">Where files are learned from; null: the storage.</param>
    /// <param name="changeData">Whether change data logs count among the slices' logs: not for reading rows.</param>
    public FileSystemView(TimelineClient client, ActiveTimeline timeline, IFileListing? listing = null, bool changeData = false)
    {
        this.changeData = changeData;
        archived = new(() => client.ReadArchivedAsync().AsTask());
        this.listing = listing ?? new StorageListing(client.Store);
        Timeline = timeline;
        partitions = new(() => this.listing.ListPartitionsAsync(Keep, CancellationToken.None));
        replaced = new(() => client.ReadReplacedFileGroupsAsync(timeline, CancellationToken.None).AsTask());
        pending = new(() => client.ReadPendingCompactionsAsync(timeline, CancellationToken.None).AsTask());
    }

    public ActiveTimeline Timeline { get; }

    /// <summary>All partition paths, sorted; "" is the only one of a non-partitioned table. A partition without committed files may be among them.</summary>
    public Task<IReadOnlyList<string>> GetPartitionsAsync(CancellationToken cancellationToken = default) => partitions.Value.WaitAsync(cancellationToken);

    /// <summary>Which file groups were replaced, when.</summary>
    public Task<ReplacedFileGroups> GetReplacedAsync(CancellationToken cancellationToken = default) => replaced.Value.WaitAsync(cancellationToken);

    /// <summary>What compactions are planned for.</summary>
    public Task<PendingCompactions> GetPendingAsync(CancellationToken cancellationToken = default) => pending.Value.WaitAsync(cancellationToken);

    /// <summary>All committed file groups of a partition with all their slices, replaced ones too, by file id.</summary>
    public Task<IReadOnlyList<FileGroup>> GetFileGroupsAsync(string partitionPath, CancellationToken cancellationToken = default) =>
        groups.GetOrAdd(partitionPath, p => new(() => ListGroupsAsync(p))).Value.WaitAsync(cancellationToken);

    /// <summary>The slices of one partition that a reader sees, by file id.</summary>
    /// <param name="partitionPath">A partition path; one that is not there has no slices.</param>
    /// <param name="asOf">Digits from <see cref="ActiveTimeline.AsOf"/>; null is the latest.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<IReadOnlyList<FileSlice>> GetSlicesAsync(string partitionPath, string? asOf = null, CancellationToken cancellationToken = default)
    {
        var hidden = await GetReplacedAsync(cancellationToken);
        var slices = new List<FileSlice>();
        foreach (var group in await GetFileGroupsAsync(partitionPath, cancellationToken))
        {
            if (!hidden.IsReplaced(partitionPath, group.FileId, asOf) && group.SliceAsOf(asOf) is { } slice)
            {
                slices.Add(slice);
            }
        }

        return slices;
    }

    /// <summary>The slices of all partitions that a reader sees, by partition path, then file id.</summary>
    public async ValueTask<IReadOnlyList<FileSlice>> GetAllSlicesAsync(string? asOf = null, CancellationToken cancellationToken = default)
    {
        var slices = new List<FileSlice>();
        foreach (var partition in await GetPartitionsAsync(cancellationToken))
        {
            slices.AddRange(await GetSlicesAsync(partition, asOf, cancellationToken));
        }

        return slices;
    }

    /// <summary>The search for partitions has listed their files: they are not listed again.</summary>
    private void Keep(string partitionPath, IReadOnlyList<ListedFile> files) => groups.TryAdd(partitionPath, new(() => BuildAsync(partitionPath, files)));

    private async Task<IReadOnlyList<FileGroup>> BuildAsync(string partitionPath, IReadOnlyList<ListedFile> files)
    {
        // In layout 2 a log's completion time tells its slice.
        bool isOld = Timeline.Layout.OrdersByCompletion && files.Any(f => FileNames.TryParseLogFile(partitionPath, f.Name, f.Length, out var log) && Timeline.IsBeforeStart(log.Instant));
        var builder = new FileGroupBuilder(Timeline, partitionPath, await pending.Value, isOld ? await archived.Value : null, changeData);
        foreach (var file in files)
        {
            builder.Add(file.Name, file.Length);
        }

        return builder.Build();
    }

    private async Task<IReadOnlyList<FileGroup>> ListGroupsAsync(string partitionPath) =>
        await BuildAsync(partitionPath, await listing.ListFilesAsync(partitionPath, CancellationToken.None));
}
