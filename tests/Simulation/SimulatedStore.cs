using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>The shared objects as one process sees them: each operation waits for its turn and suffers its fate.</summary>
internal sealed class SimulatedStore(World world, Process process) : IObjectStore
{
    public string Root => world.Objects.Root;

    public StorageCapabilities Capabilities => world.Objects.Capabilities;

    private IObjectStore Objects => world.Objects;

    public string? GetLocalPath(string path) => null;

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => RunAsync(StorageOperationKind.GetInfo, path, () => Objects.GetInfoAsync(path));

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => RunAsync(StorageOperationKind.Read, path, () => Objects.ReadAsync(path));

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        RunAsync(StorageOperationKind.ReadRange, path, () => Objects.ReadRangeAsync(path, offset, destination));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var entry in await RunAsync(StorageOperationKind.List, folder, async () => await Objects.ListAsync(folder, recursive).OrderBy(e => e.Path, StringComparer.Ordinal).ToListAsync()))
        {
            yield return entry;
        }
    }

    public async ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        if (world.Mutation == Mutation.Markers && path.Contains("/.temp/", StringComparison.Ordinal) && path.Contains(".marker.", StringComparison.Ordinal) && world.Next(2) == 0)
        {
            return new PutResult(PutOutcome.Committed, "lost");
        }

        if (path.Contains("/timeline/", StringComparison.Ordinal) && !path.Contains("/timeline/history/", StringComparison.Ordinal) && !condition.MustBeAbsent)
        {
            world.Overwritten.Add(path);
        }

        if (IsLost(path))
        {
            return new PutResult(PutOutcome.Committed, "lost");
        }

        // Often enough that not too many steps are needed.
        if (world.Mutation == Mutation.ReadBack && world.Next(20) == 0)
        {
            return new PutResult(PutOutcome.Committed, "lost");
        }

        var unknown = new PutResult(world.Mutation == Mutation.ReadBack ? PutOutcome.Committed : PutOutcome.Unknown);
        switch (await world.TurnAsync(process, StorageOperationKind.Put, path))
        {
            case Fate.Proceed:
                return await Objects.PutAsync(path, content, condition);
            case Fate.LoseReply:
                await Objects.PutAsync(path, content, condition);
                return unknown;
            case Fate.Doubt when !process.IsDead:
                return unknown;
            default:
                throw Error(path);
        }
    }

    public async ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => new Writer(this, await Objects.CreateAsync(path), path);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => RunAsync(StorageOperationKind.Delete, path, async () =>
    {
        if (world.Mutation == Mutation.Cleaner && !path.StartsWith(".hoodie", StringComparison.Ordinal) && await Objects.ListAsync(ObjectPath.Folder(path), false).FirstOrDefaultAsync(e => e.Path != path && e.Name.EndsWith(".parquet", StringComparison.Ordinal)) is { Path: { } other })
        {
            await Objects.DeleteAsync(other);
        }

        return await Objects.DeleteAsync(path);
    });

    public async ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => await RunAsync(StorageOperationKind.DeleteFolder, folder, async () =>
    {
        await Objects.DeleteFolderAsync(folder);
        return true;
    });

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private bool IsLost(string path) => world.Mutation == Mutation.Archive && path.Contains("/timeline/history/", StringComparison.Ordinal) && path.EndsWith(".parquet", StringComparison.Ordinal);

    private async ValueTask<T> RunAsync<T>(StorageOperationKind kind, string path, Func<ValueTask<T>> operation)
    {
        var fate = await world.TurnAsync(process, kind, path);
        if (fate is Fate.Fail or Fate.Doubt)
        {
            throw Error(path);
        }

        var result = await operation();
        return fate == Fate.Proceed ? result : throw Error(path);
    }

    private static LakehouseException Error(string path) => new(LakehouseErrorKind.Storage, "Simulated: the storage failed", path: path);

    private sealed class Writer(SimulatedStore store, ObjectWriter inner, string path) : ObjectWriter
    {
        public override Stream Stream => inner.Stream;

        public override ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default) => store.RunAsync(
            StorageOperationKind.Complete, path, () => store.IsLost(path) ? new(inner.Stream.Position) : inner.CompleteAsync());

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
