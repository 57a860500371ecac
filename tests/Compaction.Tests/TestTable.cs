using System.Text;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>A table of files that hold nothing: services look at names, not at rows.</summary>
internal sealed class TestTable
{
    private readonly byte[] content;
    private int files;

    public TestTable(int version, IObjectStore? store = null, ManualClock? clock = null, string? metadataPartitions = null)
    {
        Clock = clock ?? new ManualClock();
        Store = store ?? new MemoryObjectStore("table" + Guid.NewGuid(), Clock);
        var properties = new Dictionary<string, string>
        {
            ["hoodie.table.name"] = "t",
            ["hoodie.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["hoodie.table.type"] = "COPY_ON_WRITE",
            ["hoodie.table.timeline.timezone"] = "UTC",
            ["hoodie.table.recordkey.fields"] = "id",
            ["hoodie.table.partition.fields"] = "p",
        };
        if (metadataPartitions is not null)
        {
            properties["hoodie.table.metadata.partitions"] = metadataPartitions;
        }

        Config = TableConfig.Parse(properties, Store.Root);
        content = JavaProperties.Write(properties, "a test's table", DateTimeOffset.UnixEpoch);
    }

    public ManualClock Clock { get; }

    public IObjectStore Store { get; }

    public TableConfig Config { get; }

    public TimelineClient Client(IObjectStore? store = null) => new(store ?? Store, Config, new LakehouseEnvironment(Clock, Guid.NewGuid));

    public RollbackExecutor Rollback(IObjectStore? store = null) => new(Client(store), Config);

    /// <summary>Writes a base file for each (partition, file id) and stops before completing.</summary>
    public async Task<(Instant Inflight, CommitMetadata Metadata)> BeginAsync(string action, bool markers, params (string Partition, string FileId)[] groups)
    {
        await Store.PutAsync(TableConfig.Path, content, PutCondition.None);
        Clock.Move(TimeSpan.FromSeconds(1));
        var client = Client();
        var timeline = await client.LoadAsync();
        var view = new FileSystemView(client, timeline);
        var inflight = await client.BeginCommitAsync(timeline, action, new CommitMetadata { OperationType = WriteOperations.Upsert });
        var stats = new Dictionary<string, IReadOnlyList<WriteStat>>();
        foreach (var (partition, fileId) in groups)
        {
            var before = (await view.GetSlicesAsync(partition)).FirstOrDefault(s => s.FileId == fileId);
            var name = FileNames.MakeBaseFile(inflight.RequestedTime, FileNames.MakeWriteToken(0, 0, files++), fileId);
            if (markers)
            {
                await new Markers(Store, inflight.RequestedTime).CreateAsync(partition, name, before is null ? MarkerType.Create : MarkerType.Merge);
            }

            await Store.PutAsync(partition + "/.hoodie_partition_metadata", "partitionDepth=1"u8.ToArray(), PutCondition.None);
            await Store.PutAsync(partition + "/" + name, Encoding.UTF8.GetBytes(name), PutCondition.IfAbsent);
            var stat = new WriteStat { FileId = fileId, Path = partition + "/" + name, PartitionPath = partition, PrevCommit = before?.BaseInstant ?? "null", NumWrites = 1 };
            stats[partition] = [.. stats.GetValueOrDefault(partition, []), stat];
        }

        return (inflight, new CommitMetadata { OperationType = WriteOperations.Upsert, PartitionToWriteStats = stats });
    }

    public async Task<Instant> CommitAsync(params (string Partition, string FileId)[] groups)
    {
        var (inflight, metadata) = await BeginAsync(Actions.Commit, markers: true, groups);
        Clock.Move(TimeSpan.FromSeconds(1));
        var completed = await Client().CompleteCommitAsync(inflight, metadata);
        await new Markers(Store, inflight.RequestedTime).DeleteAsync();
        return completed;
    }

    public async Task<ActiveTimeline> LoadAsync() => await Client().LoadAsync();

    /// <summary>Paths of the base files that a reader sees.</summary>
    public async Task<string[]> VisibleAsync()
    {
        var client = Client();
        return (await new FileSystemView(client, await client.LoadAsync()).GetAllSlicesAsync()).Select(s => s.Base!.Path).ToArray();
    }

    /// <summary>All base files, visible or not.</summary>
    public async Task<string[]> DataFilesAsync() => (await PathsAsync()).Where(p => p.EndsWith(".parquet", StringComparison.Ordinal)).ToArray();

    public async Task<string[]> PathsAsync()
    {
        var paths = new List<string>();
        await foreach (var file in Store.ListAsync(string.Empty, recursive: true))
        {
            paths.Add(file.Path);
        }

        return paths.Order(StringComparer.Ordinal).ToArray();
    }

    /// <summary>A copy of everything in a new in-memory store under the same clock.</summary>
    public async Task<TestTable> CopyAsync()
    {
        var copy = new TestTable(Config.Version, clock: Clock);
        foreach (var path in await PathsAsync())
        {
            await copy.Store.PutAsync(path, await Store.ReadAsync(path), PutCondition.None);
        }

        return copy;
    }
}
