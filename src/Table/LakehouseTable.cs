using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse;

/// <summary>
/// A Hudi table: created, read and written here, by Apache Spark, Flink, Trino and others with Hudi, in turns. Safe to use from several threads; writes to one table run one after the other in a process.
/// Every failure is a <see cref="LakehouseException"/>.
/// </summary>
public sealed partial class LakehouseTable : IAsyncDisposable
{
    private readonly SemaphoreSlim writing;
    private readonly SemaphoreSlim services;
    private readonly SemaphoreSlim cleaning;
    private volatile TableState state;

    private LakehouseTable(IObjectStore store, LakehouseOptions options, TableState state)
    {
        Store = store;
        (writing, services, cleaning) = WriteLocks.For(store, options.Concurrency);
        Options = options;
        this.state = state;
    }

    /// <summary>The table's storage.</summary>
    public IObjectStore Store { get; }

    /// <summary>Where the table is: a folder's full path, or a URI.</summary>
    public string Location => Store.Root;

    /// <summary>The table's name.</summary>
    public string Name => state.Config.TableName;

    /// <summary>Hudi's table version: 6, 8 or 9.</summary>
    public int TableVersion => state.Config.Version;

    /// <summary>Copy-on-write or merge-on-read.</summary>
    public TableType Type => state.Config.Type;

    /// <summary>The options that it was opened with.</summary>
    public LakehouseOptions Options { get; }

    /// <summary>The properties stored in the table (.hoodie/hoodie.properties), as last loaded.</summary>
    public IReadOnlyDictionary<string, string> Properties => state.Config.Properties;

    /// <summary>Opens a table on the local disk.</summary>
    /// <param name="path">The folder that holds .hoodie.</param>
    /// <param name="options">Resources; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: no table there; <see cref="LakehouseErrorKind.Unsupported"/>: a table that cannot be read right.</exception>
    public static Task<LakehouseTable> OpenAsync(string path, LakehouseOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(new LocalObjectStore(path), options, cancellationToken);

    /// <summary>Opens a table on any storage.</summary>
    /// <param name="store">Storage whose root is the table's folder.</param>
    /// <param name="options">Resources; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: no table there; <see cref="LakehouseErrorKind.Unsupported"/>: a table that cannot be read right.</exception>
    public static async Task<LakehouseTable> OpenAsync(IObjectStore store, LakehouseOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LakehouseOptions();
        return new LakehouseTable(store, options, await TableState.LoadAsync(
            store, options.Environment, useMetadata: options.UseMetadataTable, cancellationToken: cancellationToken, locks: new TableLock(store, options.Environment, options.Concurrency)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Configuration and timeline as they are now.</summary>
    internal async ValueTask<TableState> RefreshAsync(bool withCompletionTimes = false, CancellationToken cancellationToken = default) =>
        state = await TableState.LoadAsync(Store, Options.Environment, state, withCompletionTimes, Options.UseMetadataTable, cancellationToken);
}
