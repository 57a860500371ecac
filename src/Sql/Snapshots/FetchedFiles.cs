using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Sql;

/// <summary>
/// Base files of a table that is not on the local disk, fetched for DuckDB when a statement needs them, after partitions and statistics have ruled out what they can. They never change; they are kept
/// until their connection is closed, and fetched again where they are gone.
/// </summary>
internal sealed class FetchedFiles
{
    private const int Block = 8 << 20;
    private static readonly ConditionalWeakTable<IObjectStore, FetchedFiles> ByStore = [];
    private readonly ConcurrentDictionary<string, Lazy<Task>> fetched = new(StringComparer.Ordinal);
    private readonly IObjectStore store;
    private readonly LocalObjectStore local;
    private readonly string folder;

    private FetchedFiles(LakehouseTable table)
    {
        store = table.Store;
        local = new LocalObjectStore(table.Options.SpillFolder ?? Path.GetTempPath());
        folder = $"lakehouse-sql-{table.Options.Environment.NewGuid():N}";
    }

    /// <summary>The path of a file on the local disk: the file itself, or a copy.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">Relative to the table's root.</param>
    public static string PathOf(LakehouseTable table, string path) => table.Store.GetLocalPath(path) ?? ByStore.GetValue(table.Store, _ => new FetchedFiles(table)).Fetch(path);

    /// <summary>Deletes the copies of a table's files.</summary>
    public static void Release(LakehouseTable table)
    {
        if (ByStore.TryGetValue(table.Store, out var files))
        {
            files.fetched.Clear();
            files.local.DeleteFolderAsync(files.folder).AsTask().GetAwaiter().GetResult();
        }
    }

    // Statements are put together without waiting for anything else.
    private string Fetch(string path)
    {
        try
        {
            Task.Run(() => fetched.GetOrAdd(path, p => new Lazy<Task>(() => FetchAsync(p))).Value).GetAwaiter().GetResult();
        }
        catch
        {
            fetched.TryRemove(path, out _);
            throw;
        }

        return local.GetLocalPath(Copy(path))!;
    }

    private async Task FetchAsync(string path)
    {
        var info = await store.GetInfoAsync(path) ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "There is no such object", store.Root, path);
        local.CreatePrivateFolder(folder);
        await using var writer = await local.CreateAsync(Copy(path), Durability.Deferred);
        var buffer = new byte[(int)Math.Min(info.Length, 4L * Block)];
        for (long at = 0; at < info.Length;)
        {
            int read = await store.ReadRangeAsync(path, at, buffer.AsMemory(0, (int)Math.Min(buffer.Length, info.Length - at)));
            if (read == 0)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, "The file ended before its length", store.Root, path, remedy: "Try again");
            }

            await writer.Stream.WriteAsync(buffer.AsMemory(0, read));
            at += read;
        }

        await writer.CompleteAsync();
    }

    private string Copy(string path) => $"{folder}/{path}";
}
