namespace OllaLab.Lakehouse.Timelines;

/// <content>The archived timeline.</content>
internal sealed partial class TimelineClient
{
    /// <summary>Reads what was archived, in either layout.</summary>
    /// <param name="withContent">Whether what commits and cleans held is wanted too.</param>
    /// <param name="only">Requested time of the one instant that is wanted; null: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Empty where nothing was archived yet.</returns>
    public async ValueTask<ArchivedTimeline> ReadArchivedAsync(bool withContent = false, string? only = null, CancellationToken cancellationToken = default)
    {
        if (Layout.Version == 1)
        {
            var found = await new ArchiveLogs(Store, Layout.ArchiveFolder).ReadAsync(withContent, cancellationToken);
            return new ArchivedTimeline(found.Where(i => only is null || i.RequestedTime == only), Layout);
        }

        var rows = await new LsmHistory(Store, Layout.ArchiveFolder).ReadAsync(withContent, only, cancellationToken);
        return new ArchivedTimeline(rows.Select(ToInstant), Layout);
    }

    /// <summary>What an archived write held; null where the archive does not know it.</summary>
    private async ValueTask<CommitMetadata?> ReadArchivedCommitAsync(string requestedTime, CancellationToken cancellationToken) =>
        (await ReadArchivedAsync(withContent: true, requestedTime, cancellationToken)).FindWrite(requestedTime)?.Commit;

    private ArchivedInstant ToInstant(LsmRow row)
    {
        var instant = new Instant(row.InstantTime, row.Action, InstantState.Completed, row.CompletionTime);
        var path = Layout.ArchiveFolder;
        return new ArchivedInstant(instant)
        {
            Commit = row.Metadata is { } commit && Actions.IsWrite(row.Action) ? Decode(() => CommitMetadataCodec.Read(commit), path, instant, "Restore the history's files") : null,
            Clean = row.Metadata is { } clean && row.Action == Actions.Clean ? Decode(() => CleanMetadata.Read(clean), path, instant, "Restore the history's files") : null,
        };
    }

    private T Decode<T>(Func<T> read, string path, Instant instant, string remedy)
    {
        try
        {
            return read();
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, e.Remedy ?? remedy, e);
        }
    }
}
