using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

public class ManyFilesTests
{
    private const int Partitions = 100;
    private const int Files = 100;
    private const string Instant = "20260101000000000";

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

    /// <summary>The files of the metadata table, as a first commit leaves them; of the data files only the names.</summary>
    private static async Task MakeAsync(IObjectStore store)
    {
        const string Properties = "hoodie.table.name=t\nhoodie.table.version=9\nhoodie.table.type=COPY_ON_WRITE\n";
        await PutAsync(store, ".hoodie/hoodie.properties", Properties + "hoodie.table.metadata.partitions=files\n");
        await PutAsync(store, $".hoodie/timeline/{Instant}_20260101000001000.commit", "{}");
        await PutAsync(store, ".hoodie/metadata/.hoodie/hoodie.properties", Properties);
        await PutAsync(store, $".hoodie/metadata/.hoodie/timeline/{Instant}_20260101000000500.deltacommit", "{}");
        var headers = new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = Instant, [LogHeader.Schema] = MetadataSchemas.Newest };
        await using var log = await LogFileWriter.CreateAsync(store, $".hoodie/metadata/files/.files-0000-0_{Instant}.log.1_0-0-0", CancellationToken.None);
        await log.AppendHFileAsync(Records(), headers, CancellationToken.None);
        await log.CompleteAsync(CancellationToken.None);
    }

    private static byte[] Records()
    {
        using var target = new MemoryStream();
        var file = new HFileWriter(target, HFileCodec.Gzip, Encoding.UTF8.GetBytes(MetadataSchemas.Newest));
        string[] partitions = [.. Enumerable.Range(0, Partitions).Select(p => string.Create(CultureInfo.InvariantCulture, $"p{p:D3}"))];
        Add(file, MetadataPartitions.AllPartitionsKey, MetadataRecordType.PartitionList, partitions, size: 0);
        foreach (var partition in partitions)
        {
            Add(file, partition, MetadataRecordType.Files, Enumerable.Range(0, Files).Select(f => FileNames.MakeBaseFile(Instant, "0-0-0", $"{partition}-{f}")), size: 1000);
        }

        file.Finish();
        return target.ToArray();
    }

    private static void Add(HFileWriter file, string key, MetadataRecordType type, IEnumerable<string> names, long size)
    {
        using var record = new AvroOutput();
        MetadataRecordCodec.For(MetadataSchemas.Newest).Write(record, new FilesPayload(type, names.ToDictionary(n => n, _ => new MetadataFileInfo(size, IsDeleted: false))));
        file.Add(Encoding.UTF8.GetBytes(key), record.Written.Span);
    }

    private static async Task PutAsync(IObjectStore store, string path, string text) => await store.PutAsync(path, Encoding.UTF8.GetBytes(text), PutCondition.None);

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
