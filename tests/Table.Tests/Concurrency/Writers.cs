using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>Writers of one table as processes of their own: each with a store and a lock of its own on the same objects.</summary>
internal static class Writers
{
    public static ConcurrencyOptions Optimistic(int retries = 0, bool early = false, WriteConcurrencyMode mode = WriteConcurrencyMode.OptimisticConcurrencyControl) => new()
    {
        Mode = mode, MaxClockSkew = TimeSpan.Zero, ConflictRetries = retries, EarlyConflictDetection = early,
    };

    public static LakehouseOptions Resources(ConcurrencyOptions concurrency, TimeProvider? clock = null) => new()
    {
        Threads = 2, Write = TestTable.Write, Concurrency = concurrency, Environment = new LakehouseEnvironment(clock ?? TimeProvider.System, Guid.NewGuid),
    };

    public static async Task<(LakehouseTable Table, HookedStore Store)> OpenAsync(IObjectStore objects, ConcurrencyOptions? concurrency = null, TimeProvider? clock = null)
    {
        var store = new HookedStore(objects);
        return (await LakehouseTable.OpenAsync(store, Resources(concurrency ?? Optimistic(), clock)), store);
    }

    /// <summary>Stops a process before its first operation of a kind; what comes back says when it is there, and lets it go on.</summary>
    public static (Task Reached, TaskCompletionSource GoOn) StopBefore(HookedStore store, Func<StorageOperationKind, string, bool> operation)
    {
        var (reached, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        store.Before = (kind, path) => operation(kind, path) && reached.TrySetResult() ? goOn.Task : Task.CompletedTask;
        return (reached.Task, goOn);
    }

    /// <summary>Stops a write when it has announced its first data file.</summary>
    public static (Task Reached, TaskCompletionSource GoOn) StopBeforeFirstFile(HookedStore store) =>
        StopBefore(store, static (kind, path) => kind == StorageOperationKind.Create && !path.StartsWith(".hoodie/", StringComparison.Ordinal));

    public static Task<WriteResult> UpsertAsync(LakehouseTable table, params Row[] rows) => table.UpsertAsync([Row.ToBatch(rows)]);

    /// <summary>Whether the metadata table, compacted or not, names the files that a listing finds.</summary>
    public static async Task CheckMetadataAsync(IObjectStore objects)
    {
        async Task<string> FilesAsync(bool useMetadata)
        {
            var state = await TableState.LoadAsync(objects, LakehouseEnvironment.System, useMetadata: useMetadata);
            Assert.Equal(useMetadata, state.HasMetadata);
            var files = (await state.View.GetAllSlicesAsync()).SelectMany(s => s.Logs.Select(l => $"{l.Path} {l.Length}").Append(s.Base is { } b ? $"{b.Path} {b.Length}" : s.FileId));
            return string.Join('\n', files.Order(StringComparer.Ordinal));
        }

        Assert.Equal(await FilesAsync(useMetadata: false), await FilesAsync(useMetadata: true));
    }

    /// <summary>The rows as "id part ts".</summary>
    public static async Task<List<string>> RowsAsync(IObjectStore objects) =>
        [.. (await TestTable.ReadAsync(objects)).Split('\n').Select(l => string.Join(' ', l.Split(' ').Take(3)))];
}
