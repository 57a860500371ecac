using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// The archive of a version 6 table as the history of versions 8 and 9 (SevenToEightUpgradeHandler.upgradeToLSMTimeline), and the reverse (EightToSevenDowngradeHandler.downgradeFromLSMTimeline). What
/// Hudi 1.2 loses of the history on the way down goes along: each eleventh instant, which its batches leave out, and all of it where the archive's folder is not called "archived".
/// </summary>
/// <param name="from">The table's timeline.</param>
/// <param name="to">The same in the other layout.</param>
internal sealed class ArchiveMove(TimelineClient from, TimelineClient to)
{
    private const int RowsOfFile = 1_000;

    /// <summary>Makes the archive of the other layout. The old one stays where it is.</summary>
    public ValueTask RunAsync(CancellationToken cancellationToken) => to.Layout.Version == 2 ? ToHistoryAsync(cancellationToken) : ToLogsAsync(cancellationToken);

    // Completed instants, commits and cleans with what they held.
    private async ValueTask ToHistoryAsync(CancellationToken cancellationToken)
    {
        // What an earlier try has left: a table of version 6 has no history.
        await from.Store.DeleteFolderAsync(to.Layout.ArchiveFolder, cancellationToken);
        var archived = await from.ReadArchivedAsync(withContent: true, cancellationToken: cancellationToken);
        var writer = new LsmHistoryWriter(from.Store, to.Layout.ArchiveFolder, new ArchiveRule(new CleanRule()));
        foreach (var part in archived.Instants.Chunk(RowsOfFile))
        {
            await writer.AddAsync([.. part.Select(Row)], cancellationToken);
        }
    }

    // An earlier try, and the time before an upgrade to this version, have left logs that count again.
    private async ValueTask ToLogsAsync(CancellationToken cancellationToken)
    {
        var known = (await to.ReadArchivedAsync(cancellationToken: cancellationToken)).Instants.Select(i => (i.RequestedTime, i.Instant.Action)).ToHashSet();
        await new ArchiveLogWriter(to.Store, to.Layout.ArchiveFolder, new ArchiveRule(new CleanRule()).Batch).AddAsync(HistoryEntries.ReadAsync(from, known, cancellationToken), cancellationToken);
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
