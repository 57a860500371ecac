using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The files in which a table with consistent hashing keeps the buckets of its partitions (ConsistentBucketIndexUtils): one of the first write, and one of each resizing.</summary>
/// <param name="store">The table's storage.</param>
internal sealed class HashingMetadata(IObjectStore store)
{
    /// <summary>HoodieTableMetaClient.getHashingMetadataPath.</summary>
    public const string Folder = ".hoodie/.bucket_index/consistent_hashing_metadata";

    private const string Suffix = ".hashing_meta";

    /// <summary>Marks a resizing that is committed, for when its instant is archived.</summary>
    private const string Marker = ".commit";

    // A bucket takes about 120 bytes.
    private const long MostBytes = 64 << 20;

    /// <summary>Whether a table has buckets by consistent hashing.</summary>
    public static async ValueTask<bool> IsUsedAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        await foreach (var file in store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            if (IsRing(file))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a file below .hoodie/.bucket_index holds the buckets of a partition.</summary>
    public static bool IsRing(ObjectInfo file) => !file.IsFolder && file.Name.EndsWith(Suffix, StringComparison.Ordinal) && file.Path.StartsWith(Folder + "/", StringComparison.Ordinal);

    /// <summary>How many buckets the table's partitions got at first; null: it has none.</summary>
    public async ValueTask<int?> FirstCountAsync(CancellationToken cancellationToken)
    {
        await foreach (var file in store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            if (file.Name == HashingRing.First + Suffix)
            {
                return (await ReadAsync(file.Path, cancellationToken)).NumBuckets;
            }
        }

        return null;
    }

    /// <summary>
    /// A partition's buckets as of a timeline: of its latest resizing that is committed. Where neither a marker nor the timeline says so, its instant may be archived: then file groups are there that it made.
    /// </summary>
    /// <returns>Null: the partition has none yet.</returns>
    public async ValueTask<HashingRing?> LoadAsync(ActiveTimeline timeline, string partitionPath, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        var names = (await store.ListNamesAsync(FolderOf(partitionPath), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var pending = timeline.Pending.Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        var instants = names.Where(n => n.EndsWith(Suffix, StringComparison.Ordinal)).Select(n => n[..^Suffix.Length]).Where(i => !pending.Contains(i)).OrderDescending(StringComparer.Ordinal).ToList();
        for (int i = 0; i < instants.Count; i++)
        {
            var ring = await ReadAsync(PathOf(partitionPath, instants[i]), cancellationToken);
            if (instants[i] == HashingRing.First || names.Contains(instants[i] + Marker) || timeline.FindCompletedWrite(instants[i]) is not null)
            {
                return ring;
            }

            var before = i + 1 < instants.Count ? await ReadAsync(PathOf(partitionPath, instants[i + 1]), cancellationToken) : null;
            if (slices.Any(s => ring.IndexOfFile(s.FileId) >= 0 && before?.IndexOfFile(s.FileId) is null or < 0))
            {
                return ring;
            }
        }

        return null;
    }

    /// <summary>Gives a partition its first buckets; those that another writer gave it meanwhile stay.</summary>
    public async ValueTask<HashingRing> CreateAsync(string partitionPath, int buckets, CancellationToken cancellationToken)
    {
        var ring = HashingRing.Create(partitionPath, buckets);
        var path = PathOf(ring.PartitionPath, ring.Instant);
        var put = await store.PutAsync(path, ring.Write(), PutCondition.IfAbsent, cancellationToken);
        return put.Outcome == PutOutcome.Committed ? ring
            : await store.GetInfoAsync(path, cancellationToken) is not null ? await ReadAsync(path, cancellationToken)
            : throw Unwritten(path, put);
    }

    /// <summary>Writes the buckets of a resizing, just before it is completed. An earlier run of it may have left some.</summary>
    public async ValueTask SaveAsync(HashingRing ring, CancellationToken cancellationToken)
    {
        var path = PathOf(ring.PartitionPath, ring.Instant);
        await store.DeleteAsync(path, cancellationToken);
        await store.DeleteAsync(SidecarOf(path), cancellationToken);
        var put = await store.PutAsync(path, ring.Write(), PutCondition.None, cancellationToken);
        if (put.Outcome != PutOutcome.Committed)
        {
            throw Unwritten(path, put);
        }
    }

    /// <summary>Marks the buckets of a completed resizing as such, for when its instant is archived: until then the timeline says so, and afterwards its file groups; a mark that cannot be set is of no harm.</summary>
    public async ValueTask MarkAsync(string partitionPath, string instant)
    {
        try
        {
            await store.PutAsync(ObjectPath.Join(FolderOf(partitionPath), instant + Marker), ReadOnlyMemory<byte>.Empty, PutCondition.None, CancellationToken.None);
        }
        catch (LakehouseException)
        {
        }
    }

    /// <summary>Removes what a resizing has written that is taken back: the markers first, which count whatever the timeline says.</summary>
    public static async ValueTask RemoveAsync(IObjectStore store, string instant, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        await foreach (var file in store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            if (!file.IsFolder && (file.Name == instant + Marker || file.Name == instant + Suffix))
            {
                left.Add(file.Path);
            }
        }

        foreach (var path in left.OrderByDescending(p => p.EndsWith(Marker, StringComparison.Ordinal)))
        {
            await store.DeleteAsync(path, cancellationToken);
            await store.DeleteAsync(SidecarOf(path), cancellationToken);
        }
    }

    private async ValueTask<HashingRing> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (await store.GetInfoAsync(path, cancellationToken) is { Length: > MostBytes })
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"the file of a partition's buckets has more than {MostBytes} bytes", store.Root, path, remedy: "Restore the file from a copy");
        }

        return HashingRing.Read(await store.ReadAsync(path, cancellationToken), path);
    }

    private static string FolderOf(string partitionPath) => partitionPath.Length == 0 ? Folder : ObjectPath.Join(Folder, partitionPath);

    private static string PathOf(string partitionPath, string instant) => ObjectPath.Join(FolderOf(partitionPath), instant + Suffix);

    // Hadoop's local file system keeps a checksum beside each file, which a new content would not fit.
    private static string SidecarOf(string path)
    {
        int name = path.LastIndexOf('/') + 1;
        return path[..name] + "." + path[name..] + ".crc";
    }

    private LakehouseException Unwritten(string path, PutResult put) =>
        new(LakehouseErrorKind.Storage, "the buckets of a partition could not be written", store.Root, path, remedy: "Repeat the operation", inner: put.Cause);
}
