namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// From the files of one partition to its file groups (AbstractTableFileSystemView.buildFileGroups, HoodieFileGroup.addLogFile). Uncommitted files are left out; of several base
/// files of one instant and file id, which only a retried task leaves, the greater name stands, as in Hudi's map. A compaction that is only planned does not divide a slice here:
/// until it is completed, what was written since belongs with what it will merge (getLatestMergedFileSlicesBeforeOrOn).
/// </summary>
/// <param name="timeline">As loaded.</param>
/// <param name="partitionPath">The partition.</param>
/// <param name="pending">What compactions are planned for.</param>
/// <param name="archived">Completion times of archived writes, where logs of such are among the files; null: taken to be their requested times, as Hudi falls back.</param>
/// <param name="changeData">Whether change data logs are taken for logs of the slice that their write made, for those who look after files rather than rows.</param>
internal sealed class FileGroupBuilder(ActiveTimeline timeline, string partitionPath, PendingCompactions pending, ArchivedTimeline? archived = null, bool changeData = false)
{
    private readonly Dictionary<string, Group> groups = [];

    /// <summary>Takes up a file of the partition's folder; what is no data file is passed over.</summary>
    public void Add(string name, long length)
    {
        if (FileNames.TryParseBaseFile(partitionPath, name, length, out var baseFile))
        {
            if (timeline.ContainsOrBeforeTimelineStarts(baseFile.Instant))
            {
                GroupOf(baseFile.FileId).AddBase(baseFile);
            }
        }
        else if (FileNames.TryParseLogFile(partitionPath, name, length, out var log) && (changeData || !log.IsCdc)
            && (timeline.ContainsOrBeforeTimelineStarts(log.Instant) || log.Instant == pending.Of(partitionPath, log.FileId)))
        {
            // Layout 1 names logs by a planned compaction as soon as there is one. CDC files are found through the write stats of their commit; they are no part of a slice's content.
            GroupOf(log.FileId).Logs.Add(log);
        }
    }

    public IReadOnlyList<FileGroup> Build()
    {
        var result = new List<FileGroup>(groups.Count);
        foreach (var (fileId, group) in groups)
        {
            result.Add(new FileGroup(partitionPath, fileId, group.Build(timeline, archived, partitionPath, fileId, pending.Of(partitionPath, fileId))));
        }

        result.Sort(static (a, b) => string.CompareOrdinal(a.FileId, b.FileId));
        return result;
    }

    private Group GroupOf(string fileId) => groups.TryGetValue(fileId, out var group) ? group : groups[fileId] = new Group();

    private sealed class Group
    {
        private readonly SortedList<string, (BaseFile? Base, List<LogFile>? Logs)> slices = new(StringComparer.Ordinal);

        public List<LogFile> Logs { get; } = [];

        public void AddBase(BaseFile file)
        {
            if (!slices.TryGetValue(file.Instant, out var there) || string.CompareOrdinal(there.Base!.FileName, file.FileName) < 0)
            {
                slices[file.Instant] = (file, null);
            }
        }

        public IReadOnlyList<FileSlice> Build(ActiveTimeline timeline, ArchivedTimeline? archived, string partitionPath, string fileId, string? compaction)
        {
            Logs.Sort(FileNames.CompareLogFiles);
            foreach (var log in Logs)
            {
                var instant = BaseInstantFor(log, timeline, archived);
                var slice = slices.GetValueOrDefault(instant);
                (slice.Logs ??= []).Add(log);
                slices[instant] = slice;
            }

            if (compaction is not null && slices.Count > 1 && slices.GetValueAtIndex(slices.Count - 1) is { Base: null } since && slices.GetKeyAtIndex(slices.Count - 1) == compaction)
            {
                slices.RemoveAt(slices.Count - 1);
                var merged = slices.GetValueAtIndex(slices.Count - 1);
                slices.SetValueAtIndex(slices.Count - 1, (merged.Base, [.. merged.Logs ?? [], .. since.Logs!]));
            }

            var result = new FileSlice[slices.Count];
            for (int i = 0; i < result.Length; i++)
            {
                var (instant, slice) = (slices.GetKeyAtIndex(i), slices.GetValueAtIndex(i));
                bool planned = compaction is not null && i == slices.Count - 1 && string.CompareOrdinal(instant, compaction) < 0;
                result[^(i + 1)] = new FileSlice(partitionPath, fileId, instant, slice.Base, (IReadOnlyList<LogFile>?)slice.Logs ?? [], planned ? compaction : null);
            }

            return result;
        }

        /// <summary>
        /// Layout 1 names a log by its slice. Layout 2 names it by its own instant: it belongs to the slice with the greatest base instant that is not after its completion; where
        /// all are later, or there is none, it starts a slice of its own.
        /// </summary>
        private string BaseInstantFor(LogFile log, ActiveTimeline timeline, ArchivedTimeline? archived)
        {
            if (!timeline.Layout.OrdersByCompletion)
            {
                return log.Instant;
            }

            var completed = archived?.CompletionTimeOf(log.Instant) ?? timeline.CompletionTimeOf(log.Instant)!;
            for (int i = slices.Count - 1; i >= 0; i--)
            {
                if (string.CompareOrdinal(slices.Keys[i], completed) <= 0)
                {
                    return slices.Keys[i];
                }
            }

            return log.Instant;
        }
    }
}
