using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Executes planned clusterings (SparkExecuteClusteringCommitActionExecutor, MultipleSparkJobExecutionStrategy): the rows of each group, with what logs make of them, are sorted and written to
/// new file groups, which take the place of the old ones. Rows keep their commit times.
/// </summary>
internal sealed class ClusteringExecutor(TimelineClient client, TableConfig config, ClusteringSettings settings)
{
    private static readonly Dictionary<string, IArrowArray> NoPartitionColumns = [];

    /// <param name="planned">The clustering, requested or left inflight by a run that died.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="cancellationToken">Gives the run up; the plan stays.</param>
    public async Task<ClusteringResult> ExecuteAsync(Instant planned, ClusteringPlan plan, CancellationToken cancellationToken)
    {
        var single = ClusteringStrategies.IsSingleFile(plan);
        var keys = SortKeys.Create(ClusteringStrategies.SortColumnsOf(plan), ClusteringStrategies.LayoutOf(plan, settings.Layout), settings.Schema);
        var done = new List<(IReadOnlyList<FileSlice> Slices, IReadOnlyList<WrittenFile> Files)>();
        BucketResize? resize = null;
        var completed = await new ServiceRun(client, config, new MetadataSource(settings.Schema, settings.Format)).RunAsync(
            planned,
            async (timeline, stop) =>
            {
                resize = ClusteringStrategies.ResizesBuckets(plan)
                    ? await BucketResize.CreateAsync(client, new FileSystemView(client, timeline), planned.RequestedTime, plan, settings.HashFields, stop)
                    : null;
                done.AddRange(await WriteAsync(timeline, planned, plan, single, keys, resize, stop));
                return ToMetadata(done);
            },
            cancellationToken,
            async (now, stop) =>
            {
                await PreferredWrites.CheckAsync(client, now, planned, plan, stop);

                // What another process wrote meanwhile, without looking for planned clusterings.
                var view = new FileSystemView(client, now);
                foreach (var group in plan.Groups)
                {
                    await ClusteredSlices.FindAsync(client, view, planned.RequestedTime, group, stop);
                }

                if (resize is not null)
                {
                    await resize.SaveAsync(stop);
                }
            });
        await (resize?.MarkAsync() ?? default);
        return ToResult(plan, done) with { Instant = completed.RequestedTime, CompletionTime = completed.CompletionTime };
    }

    private async Task<IReadOnlyList<(IReadOnlyList<FileSlice> Slices, IReadOnlyList<WrittenFile> Files)>> WriteAsync(
        ActiveTimeline timeline, Instant planned, ClusteringPlan plan, bool single, SortKeys? keys, BucketResize? resize, CancellationToken cancellationToken)
    {
        var view = new FileSystemView(client, timeline);
        var groups = new List<(ClusteringGroup Group, IReadOnlyList<FileSlice> Slices)>();
        foreach (var group in plan.Groups)
        {
            groups.Add((group, await ClusteredSlices.FindAsync(client, view, planned.RequestedTime, group, cancellationToken)));
        }

        var atOnce = Math.Clamp(groups.Count, 1, settings.Files.Threads);
        var read = new SliceRead(settings.Schema, settings.Schema.ArrowWithMeta, null, ClusteringSettings.BatchRows)
        {
            Logs = new LogInstants(timeline),
            Merging = new MergeSettings(settings.Rule, settings.MemoryBudget / 2 / atOnce, settings.SpillFolder) { Keys = StoredKeys.Of(config, settings.Schema) },
        };
        var written = new (IReadOnlyList<FileSlice>, IReadOnlyList<WrittenFile>)[groups.Count];
        await Parallel.ForAsync(
            0,
            groups.Count,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (i, stop) => written[i] = (groups[i].Slices, await WriteAsync(planned.RequestedTime, groups[i].Group, groups[i].Slices, single, read, keys, resize, atOnce, stop)));
        return written;
    }

    private async Task<IReadOnlyList<WrittenFile>> WriteAsync(
        string instant, ClusteringGroup group, IReadOnlyList<FileSlice> slices, bool single, SliceRead read, SortKeys? keys, BucketResize? resize, int atOnce, CancellationToken cancellationToken)
    {
        if (single && slices.Count != 1)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "The clustering plan sorts single files, but names several for one", path: group.PartitionPath, instant: instant, remedy: "Roll the clustering back (cluster --rollback) and plan another");
        }

        // As many files as the plan says, of about one size.
        var bytes = slices.Sum(s => s.Base?.Length ?? settings.Files.MaxFileSize);
        var files = settings.Files with { MaxFileSize = Math.Max(1, (long)Math.Ceiling((double)bytes / group.Outputs)), RowGroupMemory = Math.Max(1, settings.Files.RowGroupMemory / atOnce) };
        using var context = new BaseFileContext(client.Store, config, settings.Schema, instant, settings.Format, files, client.Environment);
        string?[] outputs = resize is not null ? [.. BucketResize.OutputsOf(group)]
            : single ? [slices[0].FileId]
            : group.Outputs == 1 ? [FileNames.MakeFileId(client.Environment.NewGuid().ToString(), 0)]
            : [null];
        ClusteredWriter[] writers = [.. outputs.Select(o => new ClusteredWriter(new NewFilesWriter(context, group.PartitionPath, o), keys, read, settings.MemoryBudget / 2 / atOnce / outputs.Length, settings.SpillFolder))];
        try
        {
            foreach (var slice in slices)
            {
                await foreach (var rows in FileSliceReader.ReadAsync(client.Store, settings.Format, slice, read, NoPartitionColumns, cancellationToken))
                {
                    if (resize is null)
                    {
                        await writers[0].AddAsync(rows, cancellationToken);
                        continue;
                    }

                    foreach (var (fileId, part) in resize.Split(group, read.Merging!.KeysOf(rows)))
                    {
                        await writers[System.Array.IndexOf(outputs, fileId)].AddAsync(Kernels.Take(rows, part), cancellationToken);
                    }
                }
            }

            var written = new List<WrittenFile>();
            foreach (var writer in writers)
            {
                written.AddRange(await writer.FinishAsync(cancellationToken));
            }

            return written;
        }
        finally
        {
            foreach (var writer in writers)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private CommitMetadata ToMetadata(List<(IReadOnlyList<FileSlice> Slices, IReadOnlyList<WrittenFile> Files)> done)
    {
        // A slice that stays its own file group is not replaced.
        var written = done.SelectMany(d => d.Files).ToList();
        var same = written.Select(f => f.Stat.FileId!).ToHashSet();
        return new CommitMetadata
        {
            PartitionToWriteStats = written.GroupBy(f => f.PartitionPath).ToDictionary(p => p.Key, p => (IReadOnlyList<WriteStat>)[.. p.Select(f => f.Stat)]),
            PartitionToReplaceFileIds = done.SelectMany(d => d.Slices).GroupBy(s => s.PartitionPath).ToDictionary(p => p.Key, p => (IReadOnlyList<string>)[.. p.Select(s => s.FileId).Where(id => !same.Contains(id))]),
            ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = settings.Schema.ToAvroJson(withMetaColumns: false) },
            OperationType = WriteOperations.Cluster,
        };
    }

    private static ClusteringResult ToResult(ClusteringPlan plan, List<(IReadOnlyList<FileSlice> Slices, IReadOnlyList<WrittenFile> Files)> done) => new()
    {
        Partitions = plan.Groups.Select(g => g.PartitionPath).Distinct().Count(),
        FileGroups = done.Sum(d => d.Slices.Count),
        BytesRead = done.Sum(d => d.Slices.Sum(s => (s.Base?.Length ?? 0) + s.Logs.Sum(l => l.Length))),
        FilesWritten = done.Sum(d => d.Files.Count),
        Rows = done.Sum(d => d.Files.Sum(f => f.Stat.NumWrites)),
        BytesWritten = done.Sum(d => d.Files.Sum(f => f.Stat.FileSizeInBytes)),
    };
}
