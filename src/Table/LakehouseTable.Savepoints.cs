using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Makes a savepoint of a commit: cleaners leave its files alone, the commit stays on the timeline, and the table can be restored to it.</summary>
    /// <param name="instant">The commit (requested time); null: the latest.</param>
    /// <param name="options">What is noted with it; null: nothing.</param>
    /// <param name="cancellationToken">Ends the work before the savepoint is made.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no such completed commit on the active timeline. <see cref="LakehouseErrorKind.InvalidInput"/>: it has a savepoint, or a cleaner may have
    /// deleted files of it.
    /// </exception>
    public Task<Savepoint> SavepointAsync(string? instant = null, SavepointOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, async () => await new SavepointExecutor((await RefreshAsync(cancellationToken: cancellationToken)).Client).CreateAsync(instant, options ?? new SavepointOptions(), cancellationToken), cancellationToken);

    /// <summary>Deletes a savepoint; the commit stays, but cleaners and archivers may take it from now on.</summary>
    /// <param name="instant">The savepoint's commit.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: there is no such savepoint.</exception>
    public Task DeleteSavepointAsync(string instant, CancellationToken cancellationToken = default) =>
        AloneAsync(
            services,
            async () =>
            {
                await new SavepointExecutor((await RefreshAsync(cancellationToken: cancellationToken)).Client).DeleteAsync(instant, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>The table's savepoints, the oldest commit first.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<Savepoint>> GetSavepointsAsync(CancellationToken cancellationToken = default) =>
        await new SavepointExecutor((await RefreshAsync(cancellationToken: cancellationToken)).Client).ListAsync(cancellationToken);
}
