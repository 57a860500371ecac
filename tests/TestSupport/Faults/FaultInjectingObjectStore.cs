using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>Any store, with the faults of a plan.</summary>
public sealed class FaultInjectingObjectStore(IObjectStore inner, FaultPlan plan) : IObjectStore
{
    /// <summary>The store below, without faults.</summary>
    public IObjectStore Inner => inner;

    public string Root => inner.Root;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) =>
        plan.RunAsync(StorageOperationKind.GetInfo, path, () => inner.GetInfoAsync(path, cancellationToken));

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) =>
        plan.RunAsync(StorageOperationKind.Read, path, () => inner.ReadAsync(path, cancellationToken));

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        plan.RunAsync(StorageOperationKind.ReadRange, path, () => inner.ReadRangeAsync(path, offset, destination, cancellationToken));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await plan.NextAsync(StorageOperationKind.List, folder) is not null)
        {
            throw FaultPlan.Error(StorageOperationKind.List, folder);
        }

        await foreach (var entry in inner.ListAsync(folder, recursive, cancellationToken))
        {
            yield return entry;
        }
    }

    public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default) =>
        plan.RunAsync(StorageOperationKind.List, folder, () => inner.ListNamesAsync(folder, cancellationToken));

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
        PutAsync(path, content, condition, Durability.Synced, cancellationToken);

    public async ValueTask<PutResult> PutAsync(
        string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default)
    {
        var fault = await plan.NextAsync(StorageOperationKind.Put, path);
        var cause = FaultPlan.Error(StorageOperationKind.Put, path);
        switch (fault)
        {
            case null:
                return await inner.PutAsync(path, content, condition, durability, cancellationToken);
            case Fault.LostReply:
                await inner.PutAsync(path, content, condition, durability, cancellationToken);
                return new PutResult(PutOutcome.Unknown, null, cause);
            case Fault.DelayedSuccess:
                var kept = content.ToArray();
                plan.Delay(async () => await inner.PutAsync(path, kept, condition, durability, CancellationToken.None));
                return new PutResult(PutOutcome.Unknown, null, cause);
            case Fault.UnknownWithoutEffect:
                return new PutResult(PutOutcome.Unknown, null, cause);
            default:
                throw cause;
        }
    }

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => CreateAsync(path, Durability.Synced, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default) =>
        plan.RunAsync<ObjectWriter>(
            StorageOperationKind.Create, path, async () => new FaultInjectingWriter(await inner.CreateAsync(path, durability, cancellationToken), plan, path));

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        plan.RunAsync(StorageOperationKind.Delete, path, () => inner.DeleteAsync(path, cancellationToken));

    public async ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) =>
        await plan.RunAsync(StorageOperationKind.DeleteFolder, folder, async () =>
        {
            await inner.DeleteFolderAsync(folder, cancellationToken);
            return true;
        });

    public ValueTask<bool> TrySetModifiedAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken = default) => inner.TrySetModifiedAsync(path, modified, cancellationToken);

    public async ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) =>
        await plan.RunAsync(StorageOperationKind.CreateFolder, folder, async () =>
        {
            await inner.CreateFolderAsync(folder, cancellationToken);
            return true;
        });
}
