using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Timelines;

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

    /// <summary>Executes planned compactions, this engine's or another's: each file group in a plan gets a new base file with what its logs hold. Rows keep their commit times. Writes go on meanwhile.</summary>
    /// <param name="instant">The compaction; null: all that are planned, the oldest first.</param>
    /// <param name="options">Only <see cref="CompactionOptions.DropMetadataTable"/> counts here; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the compaction under way up; its plan stays and can be executed again.</param>
    /// <returns>One for each compaction.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no such plan, or a file of it is gone. <see cref="LakehouseErrorKind.Conflict"/>: another process executes it. Whatever the failure, rows are as before.
    /// </exception>
    public Task<IReadOnlyList<CompactionResult>> ExecuteCompactionAsync(string? instant = null, CompactionOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, () => new TableCompaction(this, options ?? new CompactionOptions()).ExecuteAsync(instant, cancellationToken), cancellationToken);

    /// <summary>Compacts the table now, whatever the trigger says: executes what is planned, then plans what else the strategy takes and executes that.</summary>
    /// <param name="options">Strategy; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the compaction under way up; its plan stays and can be executed again.</param>
    /// <returns>One for each compaction; none when there was nothing to compact. In a dry run what is planned and would be.</returns>
    /// <inheritdoc cref="ScheduleCompactionAsync(CompactionOptions?, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<CompactionResult>> CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompactionOptions();
        if (options.DryRun)
        {
            return await AloneAsync(services, () => new TableCompaction(this, options).PreviewAsync(Actions.Compaction, cancellationToken), cancellationToken);
        }

        var planned = await ExecuteCompactionAsync(null, options, cancellationToken);
        return await ScheduleCompactionAsync(options, always: true, cancellationToken) is { } instant
            ? [.. planned, .. await ExecuteCompactionAsync(instant, options, cancellationToken)]
            : planned;
    }

    /// <summary>Plans a log compaction of a merge-on-read table where as many delta commits as <see cref="CompactionOptions.LogBlocksThreshold"/> asks for came since the last.</summary>
    /// <param name="options">The threshold; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The log compaction's instant, or null when none is due or no file group has blocks enough.</returns>
    /// <exception cref="LakehouseException">As for <see cref="ScheduleCompactionAsync(CompactionOptions?, CancellationToken)"/>; <see cref="LakehouseErrorKind.Unsupported"/> too where rows are updated in part.</exception>
    public Task<string?> ScheduleLogCompactionAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default) =>
        ScheduleLogCompactionAsync(options ?? new CompactionOptions(), always: false, cancellationToken);

    /// <summary>Executes planned log compactions, this engine's or another's: the logs of each file group in a plan become one, base files stay as they are. Writes go on meanwhile.</summary>
    /// <param name="instant">The log compaction; null: all that are planned, the oldest first. One whose run died, or that a compaction has overtaken, is taken off the timeline instead.</param>
    /// <param name="options">Only <see cref="CompactionOptions.DropMetadataTable"/> counts here; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    /// <returns>One for each that was executed.</returns>
    /// <inheritdoc cref="ExecuteCompactionAsync(string?, CompactionOptions?, CancellationToken)" path="/exception"/>
    public Task<IReadOnlyList<CompactionResult>> ExecuteLogCompactionAsync(string? instant = null, CompactionOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, () => new TableCompaction(this, options ?? new CompactionOptions()).ExecuteLogAsync(instant, cancellationToken), cancellationToken);

    /// <summary>Compacts logs into logs now, of file groups with at least <see cref="CompactionOptions.LogBlocksThreshold"/> blocks: cheaper than a compaction, and reading gets cheaper too.</summary>
    /// <param name="options">The threshold; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    /// <returns>One for each log compaction; none when no file group had blocks enough. In a dry run what is planned and would be.</returns>
    /// <inheritdoc cref="ScheduleLogCompactionAsync(CompactionOptions?, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<CompactionResult>> LogCompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompactionOptions();
        if (options.DryRun)
        {
            return await AloneAsync(services, () => new TableCompaction(this, options).PreviewAsync(Actions.LogCompaction, cancellationToken), cancellationToken);
        }

        var planned = await ExecuteLogCompactionAsync(null, options, cancellationToken);
        return await ScheduleLogCompactionAsync(options, always: true, cancellationToken) is { } instant
            ? [.. planned, .. await ExecuteLogCompactionAsync(instant, options, cancellationToken)]
            : planned;
    }

    internal Task<string?> ScheduleLogCompactionAsync(CompactionOptions options, bool always, CancellationToken cancellationToken) =>
        AloneAsync(writing, () => new TableCompaction(this, options).ScheduleLogAsync(always, cancellationToken), cancellationToken);

    /// <param name="options">Trigger and strategy.</param>
    /// <param name="always">Whatever the trigger says.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal Task<string?> ScheduleCompactionAsync(CompactionOptions options, bool always, CancellationToken cancellationToken) =>
        AloneAsync(writing, () => new TableCompaction(this, options).ScheduleAsync(always, cancellationToken), cancellationToken);

    // With no other write, or service, of this table at the same time in this process. Nobody may wait for one while holding the other. Where there are other writers, what must not meet a write is done
    // under the table's lock; the writes themselves are not, and whoever holds the lock waits for nobody.
    private async Task<T> AloneAsync<T>(SemaphoreSlim turn, Func<Task<T>> work, CancellationToken cancellationToken, bool isWrite = false)
    {
        var locks = state.Client.Locks;
        if (locks.HasOtherWriters && locks.IsHeldHere)
        {
            return await work();
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            return await locks.Heartbeats.WithinAsync(() => locks.HasOtherWriters && ReferenceEquals(turn, writing) && !isWrite
                ? locks.RunAsync(async _ => await work(), cancellationToken).AsTask()
                : work());
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(Location);
        }
        finally
        {
            turn.Release();
        }
    }
}
