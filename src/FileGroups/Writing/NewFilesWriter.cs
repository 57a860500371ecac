using System.Diagnostics;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Writes rows into new file groups of one partition, one file after the other, each closed when it has reached the maximum size (HoodieCreateHandle). Used by one thread; the row
/// groups are made by several.
/// </summary>
/// <param name="context">The write.</param>
/// <param name="partitionPath">The partition.</param>
/// <param name="fileGroup">The one file group that all rows go to, whatever its size; null: as many as are needed.</param>
internal sealed class NewFilesWriter(BaseFileContext context, string partitionPath, string? fileGroup = null) : IAsyncDisposable
{
    // Encoded rows take about this share of their Arrow form, until a file has shown better.
    private const double GuessedShare = 0.4;
    private readonly List<IncomingRows> pending = [];
    private readonly List<Task<WrittenFile>> finishing = [];
    private readonly List<OpenFile> open = [];
    private OpenFile? current;
    private int pendingRows;
    private double arrowBytes;
    private long arrowRows;

    /// <summary>Rows held that are not given to a worker yet.</summary>
    public int PendingRows => pendingRows;

    /// <summary>About the bytes that they take.</summary>
    public long PendingBytes { get; private set; }

    public async ValueTask AddAsync(IncomingRows rows, long bytes, CancellationToken cancellationToken)
    {
        arrowBytes += bytes;
        arrowRows += rows.Length;
        var at = 0;
        while (at < rows.Length)
        {
            var take = Math.Min(rows.Length - at, context.Settings.RowGroupRows - pendingRows);
            pending.Add(rows.Slice(at, take));
            pendingRows += take;
            PendingBytes += bytes * take / rows.Length;
            at += take;
            if (pendingRows == context.Settings.RowGroupRows || PendingBytes > context.Settings.RowGroupMemory)
            {
                await FlushAsync(last: false, cancellationToken);
            }
        }
    }

    /// <summary>Gives the rows held to a worker as a row group, full or not.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => FlushAsync(last: false, cancellationToken);

    /// <summary>Appends the first row group under way to the open file; false where there is none. For the one thread that uses this.</summary>
    public ValueTask<bool> AppendOneAsync(CancellationToken cancellationToken) => current is { } file ? file.Writer.AppendOneAsync(cancellationToken) : new(false);

    /// <summary>Writes what is left and completes all files.</summary>
    public async ValueTask<IReadOnlyList<WrittenFile>> FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(last: true, cancellationToken);
        if (current is { } file)
        {
            current = null;
            finishing.Add(file.FinishAsync(cancellationToken));
        }

        return await Task.WhenAll(finishing);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var task in finishing)
        {
            try
            {
                await task;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Reported by FinishAsync, or overtaken by an earlier failure.
            }
        }

        foreach (var file in open)
        {
            await file.Writer.DisposeAsync();
        }
    }

    private async ValueTask FlushAsync(bool last, CancellationToken cancellationToken)
    {
        if (pendingRows == 0)
        {
            return;
        }

        if (current is null)
        {
            // Its keys are known when these rows are all there are; otherwise a full file's worth is expected, and the row group that fills it.
            var bytesPerRow = Math.Max(1, context.BytesPerRow ?? (GuessedShare * arrowBytes / arrowRows));
            var expected = Math.Max(pendingRows, (long)(context.Settings.MaxFileSize / bytesPerRow) + context.Settings.RowGroupRows);
            var fileId = fileGroup ?? FileNames.MakeFileId(context.Environment.NewGuid().ToString(), 0);
            current = new OpenFile(context, await BaseFileWriter.CreateAsync(context, partitionPath, fileId, MarkerType.Create, cancellationToken), last ? pendingRows : null, expected);
            open.Add(current);
        }

        await current.AddAsync([.. pending], pendingRows, cancellationToken);
        pending.Clear();
        pendingRows = 0;
        PendingBytes = 0;
        if (fileGroup is null && current.EstimatedLength >= context.Settings.MaxFileSize)
        {
            finishing.Add(current.FinishAsync(cancellationToken));
            current = null;
        }
    }

    private sealed class OpenFile(BaseFileContext context, BaseFileWriter writer, long? knownKeys, long expectedKeys)
    {
        private readonly FileBloom bloom = new(context.Settings, knownKeys, expectedKeys);
        private readonly KeyRange range = new();
        private readonly long started = Stopwatch.GetTimestamp();
        private long rows;

        public BaseFileWriter Writer => writer;

        /// <summary>What is in the file, and what is under way at the same bytes a row.</summary>
        public long EstimatedLength => writer.Rows == 0 ? (long)(rows * (context.BytesPerRow ?? 0)) : (long)((double)writer.Length / writer.Rows * rows);

        public ValueTask AddAsync(IReadOnlyList<IncomingRows> group, int count, CancellationToken cancellationToken)
        {
            var first = rows;
            rows += count;
            var segment = bloom.Reserve(count);
            return writer.AddAsync(
                () =>
                {
                    if (context.PopulateMetaFields)
                    {
                        var keys = group.Select(g => g.Keys).ToList();
                        bloom.Add(segment, keys);
                        var found = new KeyRange();
                        keys.ForEach(found.AddAll);
                        lock (range)
                        {
                            range.Add(found);
                        }
                    }

                    return Task.FromResult<IReadOnlyList<MadeRowGroup>>([new MadeRowGroup(NewRows.Encode(context, writer, group, first), null)]);
                },
                cancellationToken);
        }

        public async Task<WrittenFile> FinishAsync(CancellationToken cancellationToken)
        {
            await writer.DrainAsync(cancellationToken);
            context.BytesPerRow = (double)writer.Length / Math.Max(1, writer.Rows);
            var length = await writer.CompleteAsync(bloom.Finish(), range, cancellationToken);
            return new WrittenFile(writer.PartitionPath, new WriteStat
            {
                FileId = writer.FileId,
                Path = writer.Path,
                PartitionPath = writer.PartitionPath,
                PrevCommit = "null",
                NumWrites = rows,
                NumInserts = rows,
                TotalWriteBytes = length,
                FileSizeInBytes = length,
                RuntimeStats = new RuntimeStats(0, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0),
            })
            {
                Statistics = writer.Statistics,
            };
        }
    }
}
