using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// One completion at a time for each table in this process: a compaction runs beside a write, and the metadata table takes one delta commit after the other. Held from the beginning of the
/// metadata table's delta commit until the data table's instant is completed. Tables on the local disk are told apart by their path, others by their store.
/// </summary>
internal static class CommitTurns
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> ByPath = new(StringComparer.Ordinal);
    private static readonly ConditionalWeakTable<IObjectStore, SemaphoreSlim> ByStore = [];

    public static async ValueTask<T> RunAsync<T>(IObjectStore store, Func<ValueTask<T>> action, CancellationToken cancellationToken)
    {
        var turn = store.GetLocalPath(TableConfig.Path) is { } path ? ByPath.GetOrAdd(path, _ => new SemaphoreSlim(1)) : ByStore.GetValue(store, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await action();
        }
        finally
        {
            turn.Release();
        }
    }
}
