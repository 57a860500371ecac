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
}
