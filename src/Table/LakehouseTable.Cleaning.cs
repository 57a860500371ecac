using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>
    /// Deletes old files that nothing needs any more: neither a snapshot that the policy keeps, nor a planned service, nor a savepoint. The latest rows never change. Cleans that an earlier run, this
    /// engine's or another's, has begun and left are finished first. Writes clean by themselves (<see cref="WriteOptions.AutoClean"/>).
    /// </summary>
    /// <param name="options">What is kept; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work; the next clean goes on where this one was.</param>
    /// <returns>One for each clean; none when there was nothing to delete. In a dry run, what would be deleted.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.Unsupported"/>: the table uses what cannot be kept right here, or a plan is not understood. <see cref="LakehouseErrorKind.Conflict"/>: another process executes the same clean.
    /// </exception>
    public Task<IReadOnlyList<CleanResult>> CleanAsync(CleanOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(cleaning, () => new TableCleaning(this, options ?? new CleanOptions()).RunAsync(always: true, cancellationToken), cancellationToken);

    /// <summary>A clean after a write, where one is due.</summary>
    internal Task<IReadOnlyList<CleanResult>> CleanAfterWriteAsync(CleanOptions options, CancellationToken cancellationToken)
    {
        var clean = new TableCleaning(this, options);
        return clean.MayBeDue(state) ? AloneAsync(cleaning, () => clean.RunAsync(always: false, cancellationToken), cancellationToken) : Task.FromResult<IReadOnlyList<CleanResult>>([]);
    }

    /// <summary>
    /// Moves old instants from the active timeline to the archive, where there are more commits than <see cref="ArchiveOptions.MaxCommits"/>, so that the table stays quick to open. Rows never change;
    /// the archive is read where a query asks for what is there. Writes archive by themselves (<see cref="WriteOptions.AutoArchive"/>).
    /// </summary>
    /// <param name="options">How much stays; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work; the next archiving goes on where this one was.</param>
    /// <returns>What was archived. In a dry run, what would be.</returns>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/>: the table uses what cannot be kept right here. <see cref="LakehouseErrorKind.Corrupt"/>: an instant's file cannot be read.</exception>
    public Task<ArchiveResult> ArchiveAsync(ArchiveOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(cleaning, () => new TableArchival(this, options ?? new ArchiveOptions()).RunAsync(cancellationToken), cancellationToken);

    /// <summary>An archiving after a write, where one is due.</summary>
    internal async Task<IReadOnlyList<ArchivedAction>> ArchiveAfterWriteAsync(WriteOptions options, CancellationToken cancellationToken)
    {
        var archival = new TableArchival(this, options.Archive, options);
        return archival.MayBeDue(state) ? (await AloneAsync(cleaning, () => archival.RunAsync(cancellationToken), cancellationToken)).Instants : [];
    }
}
