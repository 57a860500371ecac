namespace OllaLab.Lakehouse.Services;

/// <summary>
/// What runs after a commit, in Hudi's order: clean and archive first, then the services that rewrite files (BaseHoodieWriteClient.commitStats: mayBeCleanAndArchive, runTableServicesInline). The
/// commit stands whatever becomes of them. Each service runs on its own, outside the write's turn, and says in the result what it did.
/// </summary>
internal sealed class InlineServices(LakehouseTable table, WriteOptions options)
{
    private delegate Task<WriteResult> Step(WriteResult result, CancellationToken cancellationToken);

    /// <param name="written">The write; nothing runs after one that committed nothing.</param>
    /// <param name="cancellationToken">Gives the service under way up; what it has planned is executed by the next run.</param>
    /// <returns>The same, with what the services did; what gave way to another process did nothing.</returns>
    public async Task<WriteResult> RunAsync(WriteResult written, CancellationToken cancellationToken)
    {
        if (written.Instant is null)
        {
            return written;
        }

        var result = written;
        foreach (var (name, run) in Steps())
        {
            try
            {
                result = await run(result, cancellationToken);
            }
            catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Conflict)
            {
                // Another process was faster; the next run goes on. Callers repeat a write that conflicts: this one is committed.
            }
            catch (LakehouseException e)
            {
                throw new LakehouseException(
                    e.Kind, $"The write {written.Instant} is committed, but the {name} after it failed: {e.Problem}", table.Location, e.Path, e.Instant, $"Do not repeat the write; the next {name} goes on where this one failed", e);
            }
        }

        return result;
    }

    // In the order of Hudi. A service that is not asked for has no step.
    private IEnumerable<(string Name, Step Run)> Steps()
    {
        if (options.AutoClean)
        {
            yield return ("clean", async (result, stop) => result with { Cleans = await table.CleanAfterWriteAsync(options.Clean, stop) });
        }

        if (options.AutoArchive)
        {
            yield return ("archiving", async (result, stop) => result with { Archived = await table.ArchiveAfterWriteAsync(options, stop) });
        }

        if (table.Type == TableType.MergeOnRead && options.InlineCompaction != InlineCompaction.None)
        {
            yield return ("compaction", CompactAsync);
        }

        if (table.Type == TableType.MergeOnRead && options.InlineLogCompaction)
        {
            yield return ("log compaction", LogCompactAsync);
        }

        if (options.InlineClustering != InlineClustering.None)
        {
            yield return ("clustering", ClusterAsync);
        }

        if (options.PartitionTtl is { } ttl)
        {
            yield return ("expiry of partitions", async (result, token) => result with { ExpiredPartitions = (await table.ExpirePartitionsAfterWriteAsync(ttl, token)).Partitions });
        }
    }

    // As Hudi's writers do: what others have planned is executed first.
    private async Task<WriteResult> CompactAsync(WriteResult result, CancellationToken cancellationToken)
    {
        bool executes = options.InlineCompaction == InlineCompaction.Execute;
        var done = executes ? await table.ExecuteCompactionAsync(null, options.Compaction, cancellationToken) : [];
        var planned = await table.ScheduleCompactionAsync(options.Compaction, cancellationToken);
        return result with
        {
            PlannedCompaction = planned,
            Compactions = executes && planned is not null ? [.. done, .. await table.ExecuteCompactionAsync(planned, options.Compaction, cancellationToken)] : done,
        };
    }

    private async Task<WriteResult> ClusterAsync(WriteResult result, CancellationToken cancellationToken)
    {
        bool executes = options.InlineClustering == InlineClustering.Execute;
        var done = executes ? await table.ExecuteClusteringAsync(null, options.Clustering, cancellationToken) : [];
        var planned = await table.ScheduleClusteringAsync(options.Clustering, cancellationToken);
        return result with
        {
            PlannedClustering = planned,
            Clusterings = executes && planned is not null ? [.. done, .. await table.ExecuteClusteringAsync(planned, options.Clustering, cancellationToken)] : done,
        };
    }

    private async Task<WriteResult> LogCompactAsync(WriteResult result, CancellationToken cancellationToken)
    {
        var done = await table.ExecuteLogCompactionAsync(null, options.Compaction, cancellationToken);
        var planned = await table.ScheduleLogCompactionAsync(options.Compaction, cancellationToken);
        return result with { LogCompactions = planned is null ? done : [.. done, .. await table.ExecuteLogCompactionAsync(planned, options.Compaction, cancellationToken)] };
    }
}
