using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// A timeline from one layout to the other (upgradeActiveTimelineInstant, downgradeActiveTimelineInstant of Hudi's handlers): every file under its name there, commits in the form of
/// there. The files are made beside the old ones, which go when the table's properties say that the new ones count: whoever dies between leaves a whole timeline.
/// </summary>
/// <param name="from">The table's timeline.</param>
/// <param name="to">The same in the other layout.</param>
/// <param name="hasLogs">Whether the table is one of logs.</param>
internal sealed class TimelineMove(TimelineClient from, TimelineClient to, bool hasLogs)
{
    private IObjectStore Store => from.Store;

    /// <summary>Makes the new files; those of an earlier try go first.</summary>
    /// <returns>How many.</returns>
    public async ValueTask<int> CopyAsync(CancellationToken cancellationToken)
    {
        await DeleteAsync(Store, to.Layout, cancellationToken);
        int copied = await CopyAsync(from.Layout.Folder, to.Layout.Folder, cancellationToken);
        await CopyAsync(SchemaHistory.Folder, SchemaHistory.Folder, cancellationToken);
        return copied;
    }

    /// <summary>Removes what files a layout has that is not the table's own.</summary>
    public static async ValueTask DeleteAsync(IObjectStore store, ITimelineLayout layout, CancellationToken cancellationToken)
    {
        foreach (var name in await store.ListNamesAsync(layout.Folder, cancellationToken))
        {
            if (layout.TryParse(name, out var instant) && Actions.IsKnown(instant.Action))
            {
                await store.DeleteAsync($"{layout.Folder}/{name}", cancellationToken);
            }
        }
    }

    private async ValueTask<int> CopyAsync(string folder, string target, CancellationToken cancellationToken)
    {
        var files = new List<(Instant Instant, string Path, DateTimeOffset Modified)>();
        await foreach (var file in Store.ListAsync(folder, recursive: false, cancellationToken))
        {
            if (!file.IsFolder && from.Layout.TryParse(file.Name, out var instant) && Actions.IsKnown(instant.Action))
            {
                files.Add((instant, file.Path, file.Modified));
            }
        }

        // In the order in which they were made: where names hold no completion times, files' own times are taken for them.
        foreach (var (instant, path, modified) in files.OrderBy(f => f.Instant.CompletionTime ?? f.Instant.RequestedTime, StringComparer.Ordinal).ThenBy(f => f.Instant.State))
        {
            var moved = Move(instant, modified);
            var content = await Store.ReadAsync(path, cancellationToken);
            var put = await Store.PutAsync($"{target}/{to.Layout.FileName(moved)}", Convert(instant, content, path), PutCondition.None, cancellationToken);
            if (put.Outcome != PutOutcome.Committed)
            {
                throw new LakehouseException(LakehouseErrorKind.Storage, "A timeline file could not be written in the other layout", Store.Root, path, instant.RequestedTime, "Repeat the upgrade", put.Cause);
            }

            if (!to.Layout.OrdersByCompletion && instant is { IsCompleted: true, CompletionTime: { } completion })
            {
                await SetModifiedAsync($"{target}/{to.Layout.FileName(moved)}", completion, cancellationToken);
            }
        }

        return files.Count;
    }

    // In version 6 Hudi 1.x takes a file's own time for the completion time, and by it tells which base file a log of version 8 belongs to (HoodieFileGroup.getBaseInstantTime): a log that was
    // compacted long ago would count again.
    private async ValueTask SetModifiedAsync(string path, string completion, CancellationToken cancellationToken)
    {
        if (!await Store.TrySetModifiedAsync(path, Time(completion), cancellationToken) && hasLogs)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The storage cannot set the times of files, which tell in version 6 what a log belongs to", Store.Root, path, remedy: "Keep the version, or downgrade a copy of the table on a local disk");
        }
    }

    private DateTimeOffset Time(string completion) => InstantTimes.TryParse(completion, out var local)
        ? new DateTimeOffset(local, from.Layout.Zone.GetUtcOffset(local))
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The completion time '{completion}' is none", Store.Root, from.Layout.Folder, remedy: "Restore the file");

    // Pending clusterings are replace commits in layout 1, in name as well; completed ones are everywhere.
    private Instant Move(Instant instant, DateTimeOffset modified) => (to.Layout.OrdersByCompletion, instant.IsCompleted) switch
    {
        (true, true) => instant with { CompletionTime = CompletionTime(instant, modified), IsLegacy = false },
        (true, false) => instant.Action == Actions.ReplaceCommit ? instant with { Action = Actions.Clustering } : instant,
        (false, true) => instant with { CompletionTime = null, IsLegacy = true },
        _ => instant.Action == Actions.Clustering ? instant with { Action = Actions.ReplaceCommit } : instant,
    };

    // The file's own time, which is what it counts for in version 6; a copy of a table may have files from before their instants.
    private string CompletionTime(Instant instant, DateTimeOffset modified)
    {
        var time = InstantTimes.Format(modified, to.Layout.Zone);
        return string.CompareOrdinal(time, instant.RequestedTime) > 0 ? time : instant.RequestedTime;
    }

    private ReadOnlyMemory<byte> Convert(Instant instant, ReadOnlyMemory<byte> content, string path)
    {
        bool isCommit = instant.Action is Actions.Commit or Actions.DeltaCommit || (instant.IsCompleted && instant.Action == Actions.ReplaceCommit);
        if (!isCommit || content.IsEmpty)
        {
            return content;
        }

        try
        {
            var metadata = CommitMetadataCodec.Read(content.Span);
            if (instant.Action == Actions.ReplaceCommit && metadata.PartitionToReplaceFileIds is null)
            {
                metadata = metadata with { PartitionToReplaceFileIds = new Dictionary<string, IReadOnlyList<string>>() };
            }

            return CommitMetadataCodec.Write(instant.IsCompleted ? metadata : metadata with { PartitionToReplaceFileIds = null }, to.Layout.Version);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, e.Remedy, e);
        }
    }
}
