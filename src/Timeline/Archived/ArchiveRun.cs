namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Moves instants from the active timeline to the archive. Whatever dies on the way, each instant is in one of the two at least: files of the active timeline go when the archive is written, first those of
/// earlier states, then the completed ones, the oldest first, so that no reader sees a pending instant that was completed, or a gap.
/// </summary>
/// <param name="client">The table's timeline.</param>
/// <param name="rule">Sizes.</param>
internal sealed class ArchiveRun(TimelineClient client, ArchiveRule rule)
{
    /// <param name="plan">From <see cref="ArchivePlanner"/>.</param>
    /// <param name="mayDelete">Asked once the archive is written: throws where someone else may have taken over.</param>
    /// <param name="cancellationToken">Ends the work; the next run goes on.</param>
    public async ValueTask RunAsync(ArchivePlan plan, Func<CancellationToken, ValueTask> mayDelete, CancellationToken cancellationToken)
    {
        if (plan.Instants.Count == 0)
        {
            return;
        }

        var actions = await ActiveFiles.FindAsync(client, plan.Instants, cancellationToken);
        var added = actions.Where(a => !plan.Archived.Contains((a.Completed.RequestedTime, a.Completed.Action))).ToList();
        var history = new LsmHistoryWriter(client.Store, client.Layout.ArchiveFolder, rule);
        if (added.Count > 0 && client.Layout.Version == 1)
        {
            await new ArchiveLogWriter(client.Store, client.Layout.ArchiveFolder, rule.Batch).AddAsync(ActiveEntries.ReadAsync(client, added, cancellationToken), cancellationToken);
        }
        else if (added.Count > 0)
        {
            var rows = new List<LsmRow>();
            foreach (var action in added)
            {
                rows.Add(await ToRowAsync(action, cancellationToken));
            }

            await history.AddAsync(rows, cancellationToken);
        }

        await mayDelete(cancellationToken);
        await DeleteAsync(actions, cancellationToken);
        if (client.Layout.Version == 2)
        {
            await history.CompactAsync(cancellationToken);
        }
    }

    private async ValueTask DeleteAsync(IReadOnlyList<ActiveFiles> actions, CancellationToken cancellationToken)
    {
        foreach (var pending in actions.SelectMany(a => a.Pending))
        {
            await client.DeletePendingAsync(pending, cancellationToken);
        }

        foreach (var action in actions)
        {
            await client.Store.DeleteAsync(client.PathOf(action.Completed), cancellationToken);
        }

        // Markers that a writer could not remove after its commit.
        var times = actions.Select(a => a.Completed.RequestedTime).ToHashSet();
        var left = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var folder in client.Store.ListAsync(".hoodie/.temp", recursive: false, cancellationToken))
        {
            if (folder.IsFolder && times.Contains(folder.Name))
            {
                left.Add(folder.Name);
            }
        }

        foreach (var time in left)
        {
            await new Markers(client.Store, time).DeleteAsync(cancellationToken);
        }
    }

    /// <summary>The completed file as it is, and the plan: of services the requested file, of replace commits what their inflight file holds, if it holds anything (MetadataConversionUtils.createLSMTimelineInstant).</summary>
    private async ValueTask<LsmRow> ToRowAsync(ActiveFiles files, CancellationToken cancellationToken)
    {
        byte[]? plan = null;
        foreach (var pending in files.Pending)
        {
            bool has = pending.Action is Actions.ReplaceCommit or Actions.Clustering
                || (pending.State == InstantState.Requested && pending.Action is Actions.Clean or Actions.Compaction or Actions.LogCompaction);
            if (has && await ReadAsync(pending, cancellationToken) is { Length: > 0 } content)
            {
                plan = content;
            }
        }

        var metadata = await ReadAsync(files.Completed, cancellationToken);
        return new LsmRow(files.Completed.RequestedTime, files.Completed.CompletionTime ?? files.Completed.RequestedTime, files.Completed.Action, metadata.Length == 0 ? null : metadata, plan);
    }

    private async ValueTask<byte[]> ReadAsync(Instant instant, CancellationToken cancellationToken) => (await client.ReadAsync(instant, cancellationToken)).ToArray();
}
