using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// One write at a time for each table in this process, through whatever handles: a write takes every pending one for dead and rolls it back. Tables on the local disk are told apart by
/// their path, others by their store.
/// </summary>
internal static class WriteLocks
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> ByPath = new(StringComparer.Ordinal);
    private static readonly ConditionalWeakTable<IObjectStore, SemaphoreSlim> ByStore = [];

    public static SemaphoreSlim For(IObjectStore store) => store.GetLocalPath(TableConfig.Path) is { } path
        ? ByPath.GetOrAdd(path, _ => new SemaphoreSlim(1))
        : ByStore.GetValue(store, _ => new SemaphoreSlim(1));
}
