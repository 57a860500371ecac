using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Timelines;

/// <content>Which writes an incremental query covers, and what of them was archived.</content>
internal sealed partial class TimelineClient
{
    /// <summary>
    /// The writes after <paramref name="begin"/> up to <paramref name="end"/>: on completion times in layout 2, on instant times in layout 1. The reader takes the files that these
    /// writes name and of those the rows whose commit time is in the range (IncrementalRelationV1, IncrementalRelationV2); where a cleaner has taken one of the files, or archived
    /// writes are in the range, it takes all slices as of the latest instead, as Hudi does (hoodie.datasource.read.incr.fallback.fulltablescan.enable, on by default).
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="config">Names the archive's folder.</param>
    /// <param name="begin">Exclusive. Null, "0" or "000" is the beginning; otherwise what <see cref="ActiveTimeline.AsOf"/> takes.</param>
    /// <param name="end">Inclusive; null is the end.</param>
    /// <param name="cancellationToken">Cancels the look into the archive.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/> when the range begins or ends among archived writes: the archive would have to be read.</exception>
    public async ValueTask<IncrementalRange> ResolveRangeAsync(ActiveTimeline timeline, TableConfig config, string? begin, string? end, CancellationToken cancellationToken = default)
    {
        var from = IsBeginning(begin) ? null : timeline.AsOf(begin!);
        var to = end is null ? null : timeline.AsOf(end);
        var instants = timeline.CompletedInRange(from, to);
        var known = timeline.IncrementalStart;
        bool beginsBefore = from is null || known is null || string.CompareOrdinal(from, known) < 0;
        bool endsBefore = to is not null && (known is null || string.CompareOrdinal(to, known) < 0);
        if (!beginsBefore || !await HasArchiveAsync(config, cancellationToken))
        {
            return new IncrementalRange(instants, false);
        }

        return from is null && !endsBefore
            ? new IncrementalRange(instants, true)
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"the range {begin ?? "000"} to {end ?? "now"} begins or ends among archived instants, and the archived timeline is not read yet",
                Store.Root,
                Layout.Folder,
                from ?? to,
                known is null ? "Read a snapshot instead" : $"Begin at {known} or later, or at 000 for all rows");
    }

    /// <summary>Whether anything was ever archived: the archive's folder holds a file.</summary>
    public async ValueTask<bool> HasArchiveAsync(TableConfig config, CancellationToken cancellationToken = default) =>
        (await Store.ListNamesAsync(Layout.Version == 1 ? config.ArchiveFolder : config.HistoryPath, cancellationToken)).Count > 0;

    private static bool IsBeginning(string? begin) => begin is null || (begin.Length > 0 && begin.AsSpan().Trim('0').IsEmpty);
}
