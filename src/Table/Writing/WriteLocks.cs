using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// One write at a time for each table in this process, through whatever handles: a write takes every pending one for dead and rolls it back; and so does a service, of which one may run
/// beside the write. Tables on the local disk are told apart by their path, others by their store.
/// </summary>
internal static class WriteLocks
{
    private static readonly ConcurrentDictionary<string, Turns> ByPath = new(StringComparer.Ordinal);
    private static readonly ConditionalWeakTable<IObjectStore, Turns> ByStore = [];

    /// <summary>With several writers none waits for another: who has changed the same file groups is asked at the end.</summary>
    public static Turns For(IObjectStore store, ConcurrencyOptions concurrency) => concurrency.HasOtherWriters ? For(store) with { Writing = new SemaphoreSlim(int.MaxValue) } : For(store);

    private static Turns For(IObjectStore store) => (store.GetLocalPath(TableConfig.Path) ?? store.Identity) is { } path
        ? ByPath.GetOrAdd(path, _ => new Turns(new SemaphoreSlim(1), new SemaphoreSlim(1), new SemaphoreSlim(1)))
        : ByStore.GetValue(store, _ => new Turns(new SemaphoreSlim(1), new SemaphoreSlim(1), new SemaphoreSlim(1)));

    /// <param name="Writing">Of writes, and of whatever else must not meet one.</param>
    /// <param name="Services">Of services that rewrite files.</param>
    /// <param name="Cleaning">Of cleaning and archiving, which need not wait for those.</param>
    internal sealed record Turns(SemaphoreSlim Writing, SemaphoreSlim Services, SemaphoreSlim Cleaning);
}
