namespace OllaLab.Lakehouse.Timelines;

/// <content>Which writes an incremental query covers, and what of them was archived.</content>
internal sealed partial class TimelineClient
{
    /// <summary>
    /// The writes after <paramref name="begin"/> up to <paramref name="end"/>: on completion times in layout 2, on instant times in layout 1. The reader takes the files that these
    /// writes name and of those the rows whose commit time is in the range (IncrementalRelationV1, IncrementalRelationV2); where a cleaner has taken one of the files, or archived
    /// writes are in the range, it takes all slices as of the latest instead, as Hudi does (hoodie.datasource.read.incr.fallback.fulltablescan.enable, on by default).
    /// Hudi 1.2 answers nothing for a range of a version 6 table that ends among archived instants, although it has rows of them; they are answered here.
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="begin">Exclusive. Null, "0" or "000" is the beginning; otherwise what <see cref="ActiveTimeline.AsOf"/> takes.</param>
    /// <param name="end">Inclusive; null is the end.</param>
    /// <param name="namesAll">Whether each archived write is to be named, also where the range holds all of them.</param>
    /// <param name="cancellationToken">Cancels the look into the archive.</param>
    public async ValueTask<IncrementalRange> ResolveRangeAsync(ActiveTimeline timeline, string? begin, string? end, bool namesAll = false, CancellationToken cancellationToken = default)
    {
        var from = IsBeginning(begin) ? null : timeline.AsOf(begin!);
        var to = end is null ? null : timeline.AsOf(end);
        var instants = timeline.CompletedInRange(from, to);
        var known = timeline.IncrementalStart;
        bool beginsBefore = from is null || known is null || string.CompareOrdinal(from, known) < 0;
        bool endsBefore = to is not null && (known is null || string.CompareOrdinal(to, known) < 0);
        if (!beginsBefore || !await HasArchiveAsync(cancellationToken))
        {
            return new IncrementalRange(instants, false);
        }

        bool all = from is null && !endsBefore;
        if (all && !namesAll)
        {
            return new IncrementalRange(instants, true, true);
        }

        var archived = (await ReadArchivedAsync(cancellationToken: cancellationToken)).WritesInRange(Layout, from, to)
            .Select(i => i.Instant).Where(i => timeline.FindCompletedWrite(i.RequestedTime) is null).ToList();
        return archived.Count == 0 && !all ? new IncrementalRange(instants, false) : new IncrementalRange([.. archived, .. instants], true, all);
    }

    /// <summary>Whether anything was ever archived: the archive's folder holds a file.</summary>
    public async ValueTask<bool> HasArchiveAsync(CancellationToken cancellationToken = default) => (await Store.ListNamesAsync(Layout.ArchiveFolder, cancellationToken)).Count > 0;

    private static bool IsBeginning(string? begin) => begin is null || (begin.Length > 0 && begin.AsSpan().Trim('0').IsEmpty);
}
