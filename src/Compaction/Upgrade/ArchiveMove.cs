using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// The archive of a version 6 table as the history of versions 8 and 9 (SevenToEightUpgradeHandler.upgradeToLSMTimeline): completed instants, commits and cleans with what they held. The old logs stay
/// where they are, as with Hudi.
/// </summary>
internal static class ArchiveMove
{
    private const int RowsOfFile = 1_000;

    /// <param name="from">The table's timeline, in layout 1.</param>
    /// <param name="to">The same in layout 2.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many instants.</returns>
    public static async ValueTask<int> RunAsync(TimelineClient from, TimelineClient to, CancellationToken cancellationToken)
    {
        // What an earlier try has left: a table of version 6 has no history.
        await from.Store.DeleteFolderAsync(to.Layout.ArchiveFolder, cancellationToken);
        var archived = await from.ReadArchivedAsync(withContent: true, cancellationToken: cancellationToken);
        var writer = new LsmHistoryWriter(from.Store, to.Layout.ArchiveFolder, new ArchiveRule(new CleanRule()));
        foreach (var part in archived.Instants.Chunk(RowsOfFile))
        {
            await writer.AddAsync([.. part.Select(Row)], cancellationToken);
        }

        return archived.Instants.Count;
    }

    private static LsmRow Row(ArchivedInstant archived)
    {
        var instant = archived.Instant;
        byte[]? content = archived.Commit is { } commit ? CommitMetadataCodec.Write(Whole(commit, instant.Action), 2).ToArray() : archived.Clean?.Write();
        var completed = instant.CompletionTime is { } time && string.CompareOrdinal(time, instant.RequestedTime) > 0 ? time : instant.RequestedTime;
        return new LsmRow(instant.RequestedTime, completed, instant.Action, content, null);
    }

    private static CommitMetadata Whole(CommitMetadata commit, string action) =>
        action == Actions.ReplaceCommit && commit.PartitionToReplaceFileIds is null ? commit with { PartitionToReplaceFileIds = new Dictionary<string, IReadOnlyList<string>>() } : commit;
}
