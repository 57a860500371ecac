using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>
    /// Rolls back one instant: the latest completed write, compaction or clustering, or one that is not completed. A compaction whose run died goes back to its plan; a plan that was not begun
    /// goes altogether.
    /// </summary>
    /// <param name="instant">Its requested time.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work; a rollback that was begun is finished by the next write, or by asking again.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no such instant on the active timeline. <see cref="LakehouseErrorKind.Unsupported"/>: it is not the latest; it has a savepoint; a planned compaction
    /// builds on it; a cleaner has taken the files that would have to take the place of its own.
    /// </exception>
    public Task<RollbackResult> RollbackAsync(string instant, RollbackOptions? options = null, CancellationToken cancellationToken = default) =>
        WithoutOthersAsync(async state => await new RollbackExecutor(state.Client, state.Config).RollBackAsync(instant, options, cancellationToken), cancellationToken);

    /// <summary>
    /// Brings the table back to an instant: whatever took effect after it is rolled back, the latest first. No other process may write to the table meanwhile. One that was interrupted is
    /// finished by asking for it again; until then writes are refused.
    /// </summary>
    /// <param name="instant">A savepoint, or any completed write (requested time) of the active timeline whose files no cleaner has taken.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work; it can be gone on with.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no such commit on the active timeline. <see cref="LakehouseErrorKind.InvalidInput"/> or <see cref="LakehouseErrorKind.Unsupported"/>: its files were
    /// cleaned; a later commit has a savepoint, or is archived; another restore was not finished.
    /// </exception>
    public Task<RestoreResult> RestoreAsync(string instant, RestoreOptions? options = null, CancellationToken cancellationToken = default) =>
        WithoutOthersAsync(async state => await new RestoreExecutor(state.Client, state.Config).RunAsync(instant, options ?? new RestoreOptions(), cancellationToken), cancellationToken);

    // Neither a write nor a service of this table in this process meanwhile: the one place that holds both turns, and always in this order.
    private Task<T> WithoutOthersAsync<T>(Func<TableState, Task<T>> work, CancellationToken cancellationToken) => AloneAsync(
        writing,
        () => AloneAsync(services, async () => await work(await RefreshAsync(cancellationToken: cancellationToken)), cancellationToken),
        cancellationToken);
}
