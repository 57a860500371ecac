using System.Diagnostics;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Rewrites one base file with changes and new rows (HoodieMergeHandle): row groups that no incoming row meets are copied byte for byte, the others are merged by several workers,
/// new rows are appended. Memory is that of the row groups under way, whatever the size of the file.
/// </summary>
internal static class BaseFileMerge
{
    /// <param name="context">The write.</param>
    /// <param name="slice">The slice to rewrite, which has a base file.</param>
    /// <param name="rows">Its incoming rows, by position.</param>
    /// <param name="rule">How rows of one key are merged.</param>
    /// <param name="keyDeletes">Whether the rows are keys to delete.</param>
    /// <param name="inserts">How many of the rows are new, for the size of the bloom filter.</param>
    /// <param name="cancellationToken">Ends the work; no file appears then.</param>
    public static Task<WrittenFile> RunAsync(
        BaseFileContext context, FileSlice slice, IEnumerable<IncomingRows> rows, MergeRule rule, bool keyDeletes, long inserts, CancellationToken cancellationToken) =>
        MergeAsync(context, slice, slice.Base!, rows, rule, keyDeletes, inserts, cancellationToken);

    /// <summary>Writes the base file that a slice and what its logs change amount to. Rows keep their commit times.</summary>
    /// <param name="context">The compaction.</param>
    /// <param name="slice">The slice, with a base file or without.</param>
    /// <param name="changes">Of all meta and data columns.</param>
    /// <param name="cancellationToken">Ends the work; no file appears then.</param>
    public static async Task<WrittenFile> RunAsync(BaseFileContext context, FileSlice slice, SliceChanges changes, CancellationToken cancellationToken)
    {
        var rows = changes.Changes().Concat(changes.Inserts()).Select(IncomingRows.Merged);
        if (slice.Base is { } old)
        {
            return await MergeAsync(context, slice, old, rows, null, false, changes.Counts.Inserted, cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        await using var writer = await BaseFileWriter.CreateAsync(context, slice.PartitionPath, slice.FileId, MarkerType.Create, cancellationToken);
        using var cursor = new IncomingCursor(rows);
        var keys = MergedKeys.Create(context, changes.Counts.Inserted);
        var inserted = await AppendAsync(context, writer, cursor, keys, null, cancellationToken);
        return await CompleteAsync(writer, slice, keys, new WriteStat { NumInserts = inserted }, started, cancellationToken);
    }

    private static async Task<WrittenFile> MergeAsync(
        BaseFileContext context, FileSlice slice, BaseFile old, IEnumerable<IncomingRows> rows, MergeRule? rule, bool keyDeletes, long inserts, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var files = new ParquetFilePool(context.Format, context.Store, old.Path, old.Length);
        var first = await files.RentAsync(cancellationToken);
        var footer = first.Footer;
        files.Return(first);
        var input = new MergeInput(context.Store, slice, footer, files, rule, keyDeletes, CanCopy(context, old, footer), context.UnchangedColumns);
        await using var writer = await BaseFileWriter.CreateAsync(context, slice.PartitionPath, slice.FileId, MarkerType.Merge, cancellationToken);
        await using var changeData = rule is null ? null : ChangeDataWriter.Create(context, writer); // Hudi's compactions log no changes either: the writes have.
        using var cursor = new IncomingCursor(rows);
        var keys = await MergedKeys.CreateAsync(context, input, inserts, cancellationToken);
        var merges = new List<RowGroupMerge>();
        var inserted = 0L;
        var position = 0L;
        for (var group = 0; group < footer.RowGroups.Count; group++)
        {
            var groupRows = footer.RowGroups[group].NumRows;
            position += groupRows;
            var number = cursor.Taken;
            var changes = cursor.TakeBefore(position);

            // New rows fill the last row group up: appended on their own, every small write would leave a small row group behind.
            List<IncomingRows> fill = [];
            if (group == footer.RowGroups.Count - 1 && groupRows < context.Settings.RowGroupRows && cursor.AtInserts)
            {
                fill = cursor.TakeInserts((int)(context.Settings.RowGroupRows - groupRows), context.Settings.RowGroupMemory);
                await LogInsertsAsync(changeData, fill, cancellationToken);
                inserted += fill.Sum(f => (long)f.Length);
                keys.Add(fill);
            }

            if (changes.Count == 0 && fill.Count == 0 && input.CanCopy)
            {
                await writer.CopyAsync(input.Source(group), cancellationToken);
                continue;
            }

            var merge = new RowGroupMerge(context, writer, input, group, changes, fill, number, changeData);
            merges.Add(merge);
            await writer.AddAsync(() => merge.RunAsync(cancellationToken), cancellationToken);
        }

        inserted += await AppendAsync(context, writer, cursor, keys, changeData, cancellationToken);
        await writer.DrainAsync(cancellationToken);
        var stat = new WriteStat
        {
            PrevBaseFile = old.FileName,
            NumInserts = inserted,
            NumUpdateWrites = merges.Sum(m => m.Updated),
            NumDeletes = merges.Sum(m => m.Deleted),
            CdcStats = changeData is null ? null : await changeData.FinishAsync(cancellationToken),
        };
        return await CompleteAsync(writer, slice, keys, stat, started, cancellationToken);
    }

    // A column that was dropped and added again looks the same in the footer, but is not.
    private static bool CanCopy(BaseFileContext context, BaseFile old, ParquetFooter footer) =>
        context.Output.CanCopyFrom(footer) && context.Schema.Evolution?.NamesAt(old.Instant) is null;

    // New rows in row groups of their own; how many.
    private static async ValueTask<long> AppendAsync(
        BaseFileContext context, BaseFileWriter writer, IncomingCursor cursor, MergedKeys keys, ChangeDataWriter? changeData, CancellationToken cancellationToken)
    {
        var inserted = 0L;
        while (cursor.AtInserts)
        {
            var number = cursor.Taken;
            var fresh = cursor.TakeInserts(context.Settings.RowGroupRows, context.Settings.RowGroupMemory);
            await LogInsertsAsync(changeData, fresh, cancellationToken);
            inserted += fresh.Sum(f => (long)f.Length);
            keys.Add(fresh);
            await writer.AddAsync(
                () => Task.FromResult<IReadOnlyList<MadeRowGroup>>([new MadeRowGroup(NewRows.Encode(context, writer, fresh, number), null)]), cancellationToken);
        }

        return inserted;
    }

    private static async ValueTask<WrittenFile> CompleteAsync(BaseFileWriter writer, FileSlice slice, MergedKeys keys, WriteStat counts, long started, CancellationToken cancellationToken)
    {
        var length = await writer.CompleteAsync(keys.Bloom, keys.Range, cancellationToken);
        return new WrittenFile(slice.PartitionPath, counts with
        {
            FileId = slice.FileId,
            Path = writer.Path,
            PartitionPath = slice.PartitionPath,
            PrevCommit = slice.BaseInstant,
            NumWrites = writer.Rows,
            TotalWriteBytes = length,
            FileSizeInBytes = length,
            RuntimeStats = new RuntimeStats(0, 0, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds),
        })
        {
            Statistics = writer.Statistics,
        };
    }

    private static async ValueTask LogInsertsAsync(ChangeDataWriter? changeData, IReadOnlyList<IncomingRows> inserts, CancellationToken cancellationToken)
    {
        foreach (var rows in changeData is null ? [] : inserts)
        {
            await changeData!.AddAsync(changeData.Rows.Inserts(rows), cancellationToken);
        }
    }
}
