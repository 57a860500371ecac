using System.Globalization;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

public class ManyFilesTests
{
    private const int Partitions = 100;
    private const int Files = 100;

    [Fact]
    public async Task A_snapshot_of_ten_thousand_files_opens_no_data_folder()
    {
        var store = new ListingStore(new MemoryObjectStore());
        await MakeAsync(store);
        var opened = await OpenedMetadata.OpenAsync(store);
        var slices = await new FileSystemView(opened.Client, opened.Timeline, opened.Listing()).GetAllSlicesAsync();
        Assert.Equal(Partitions * Files, slices.Count);
        Assert.All(slices, s => Assert.Equal(1000, s.Base!.Length));
        Assert.Equal([".hoodie/metadata/.hoodie/timeline", ".hoodie/metadata/files", ".hoodie/timeline"], store.Listed.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(3, store.Listed.Count);
    }

    private static async Task MakeAsync(IObjectStore store)
    {
        string[] partitions = [.. Enumerable.Range(0, Partitions).Select(p => string.Create(CultureInfo.InvariantCulture, $"p{p:D3}"))];
        List<MetadataRecord> records = [Record(MetadataPartitions.AllPartitionsKey, MetadataRecordType.PartitionList, partitions, size: 0)];
        records.AddRange(partitions.Select(p => Record(p, MetadataRecordType.Files, Enumerable.Range(0, Files).Select(f => FileNames.MakeBaseFile(MadeMetadata.Instant, "0-0-0", $"{p}-{f}")), 1000)));
        await MadeMetadata.BeginAsync(store, MetadataPartitions.Files);
        await MadeMetadata.PutLogAsync(store, MetadataPartitions.Files, "files-0000-0", records);
    }

    private static MetadataRecord Record(string key, MetadataRecordType type, IEnumerable<string> names, long size) =>
        new(key, new FilesPayload(type, names.ToDictionary(n => n, _ => new MetadataFileInfo(size, IsDeleted: false))));

    /// <summary>Remembers which folders were listed.</summary>
    private sealed class ListingStore(IObjectStore inner) : IObjectStore
    {
        public List<string> Listed { get; } = [];

        public string Root => inner.Root;

        public StorageCapabilities Capabilities => inner.Capabilities;

        public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default)
        {
            Listed.Add(folder);
            return inner.ListAsync(folder, recursive, cancellationToken);
        }

        public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default)
        {
            Listed.Add(folder);
            return inner.ListNamesAsync(folder, cancellationToken);
        }

        public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

        public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
            inner.ReadRangeAsync(path, offset, destination, cancellationToken);

        public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
            inner.PutAsync(path, content, condition, cancellationToken);

        public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => inner.CreateAsync(path, cancellationToken);

        public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);

        public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.DeleteFolderAsync(folder, cancellationToken);

        public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);

        public string? GetLocalPath(string path) => inner.GetLocalPath(path);
    }
}
