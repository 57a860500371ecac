namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// Requests that do not depend on one another: at once where the storage says that it is worth while (<see cref="StorageCapabilities.RequestsAtOnce"/>), in their order elsewhere. Whatever fails, none is
/// under way when it is told.
/// </summary>
internal static class Requests
{
    public static async ValueTask<(TFirst First, TSecond Second)> BothAsync<TFirst, TSecond>(IObjectStore store, Func<ValueTask<TFirst>> first, Func<ValueTask<TSecond>> second)
    {
        if (!AreAtOnce(store))
        {
            return (await first().ConfigureAwait(false), await second().ConfigureAwait(false));
        }

        var (one, other) = (StartAsync(first), StartAsync(second));
        await Task.WhenAll(one, other).ConfigureAwait(false);
        return (await one.ConfigureAwait(false), await other.ConfigureAwait(false));
    }

    public static async ValueTask ForEachAsync<T>(IObjectStore store, IReadOnlyCollection<T> items, Func<T, ValueTask> request)
    {
        if (!AreAtOnce(store) || items.Count == 1)
        {
            foreach (var item in items)
            {
                await request(item).ConfigureAwait(false);
            }

            return;
        }

        using var free = new SemaphoreSlim(store.Capabilities.RequestsAtOnce);
        bool isOver = false;
        await Task.WhenAll(items.Select(RunAsync)).ConfigureAwait(false);

        async Task RunAsync(T item)
        {
            await free.WaitAsync().ConfigureAwait(false);
            try
            {
                if (!Volatile.Read(ref isOver))
                {
                    await request(item).ConfigureAwait(false);
                }
            }
            catch
            {
                Volatile.Write(ref isOver, true);
                throw;
            }
            finally
            {
                free.Release();
            }
        }
    }

    /// <summary>Whether a storage is asked several things at once.</summary>
    public static bool AreAtOnce(IObjectStore store) => store.Capabilities.RequestsAtOnce > 1;

    // What fails before it is asynchronous waits for the others, too.
    private static async Task<T> StartAsync<T>(Func<ValueTask<T>> request) => await request().ConfigureAwait(false);
}
