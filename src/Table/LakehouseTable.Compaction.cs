using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Plans a compaction of a merge-on-read table where the trigger says that one is due. Any engine may execute the plan; writes go on meanwhile.</summary>
    /// <param name="options">Trigger and strategy; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The compaction's instant, or null when none is due or nothing is to be compacted.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: a copy-on-write table. <see cref="LakehouseErrorKind.Conflict"/>: a write of a version 6 table is under way.
    /// <see cref="LakehouseErrorKind.Unsupported"/>: the table uses what cannot be kept right here.
    /// </exception>
    public Task<string?> ScheduleCompactionAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default) =>
        ScheduleCompactionAsync(options ?? new CompactionOptions(), always: false, cancellationToken);

    /// <param name="options">Trigger and strategy.</param>
    /// <param name="always">Whatever the trigger says.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal Task<string?> ScheduleCompactionAsync(CompactionOptions options, bool always, CancellationToken cancellationToken) =>
        AloneAsync(() => new TableCompaction(this, options).ScheduleAsync(always, cancellationToken), cancellationToken);

    /// <summary>With no other write or plan of this table at the same time in this process.</summary>
    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(Location);
        }
        finally
        {
            writing.Release();
        }
    }
}
