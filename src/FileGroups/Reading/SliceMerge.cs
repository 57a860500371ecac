using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What the logs of a slice make of its base file (HoodieFileGroupReader), for readers and the compactor alike.</summary>
internal static class SliceMerge
{
    /// <param name="store">The table's storage.</param>
    /// <param name="format">The Parquet reader.</param>
    /// <param name="slice">The slice; without a base file all rows are new.</param>
    /// <param name="read">The columns wanted, which blocks count, how rows are merged.</param>
    /// <param name="partition">Columns whose value the path gives, for rows that lack them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<SliceChanges> ResolveAsync(
        IObjectStore store, IParquetFormat format, FileSlice slice, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken)
    {
        var blocks = await LogScan.SelectAsync(store, slice.Logs, read.Logs, cancellationToken);
        using var merge = await ReadAsync(store, format, blocks, slice, read, partition, cancellationToken);
        return await ResolveAsync(merge, store, format, slice, read, partition, cancellationToken);
    }

    /// <summary>What merged records make of a slice's base file.</summary>
    public static ValueTask<SliceChanges> ResolveAsync(
        LogMerge records, IObjectStore store, IParquetFormat format, FileSlice slice, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken)
    {
        records.MeetsEveryRow = slice.Base is not null && records.PositionsOf == slice.Base.Instant;
        return records.ResolveAsync(slice.Base is { } file ? ReadBaseAsync(store, format, file, records, read, partition, cancellationToken) : null, cancellationToken);
    }

    /// <summary>The records of a slice's log blocks merged with one another, to be merged with its base file; the caller disposes them. Where the file holds a key twice, they are read once more.</summary>
    public static async ValueTask<LogMerge> ReadAsync(
        IObjectStore store, IParquetFormat format, IReadOnlyList<LogBlock> blocks, FileSlice slice, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken)
    {
        var merge = await ReadAsync(store, format, blocks, read, partition, cancellationToken);
        if (slice.Base is not { } file || merge.PositionsOf != file.Instant || !await LieApartAsync())
        {
            return merge;
        }

        merge.Dispose();
        return await ReadAsync(store, format, blocks, read, partition, cancellationToken, byPosition: true);

        async ValueTask<bool> LieApartAsync()
        {
            // No file has as many rows: whether it does not have those of the positions matters only where a key has two.
            if (!merge.KeysLieApart(long.MaxValue))
            {
                return false;
            }

            await using var parquet = await format.OpenAsync(store, file.Path, file.Length, cancellationToken);
            return merge.KeysLieApart(parquet.Footer.RowGroups.Sum(g => g.NumRows));
        }
    }

    /// <summary>The records of log blocks, which are given oldest first, merged with one another; the caller disposes them.</summary>
    public static async ValueTask<LogMerge> ReadAsync(
        IObjectStore store, IParquetFormat format, IReadOnlyList<LogBlock> blocks, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken, bool byPosition = false)
    {
        var settings = read.Merging ?? throw new InvalidOperationException("A slice with logs is read without merging.");
        var columns = LogColumns(read, settings);
        var merge = new LogMerge(settings.Rule, read.Table, columns, settings.MemoryBudget, settings.SpillFolder) { PositionsOf = PositionsOf(blocks), ByPosition = byPosition };
        try
        {
            var reader = new LogBlockReader(store, format);
            foreach (var block in blocks)
            {
                await AddAsync(merge, reader, block, columns, read, partition, cancellationToken);
            }

            return merge;
        }
        catch
        {
            merge.Dispose();
            throw;
        }
    }

    private static string? PositionsOf(IReadOnlyList<LogBlock> blocks)
    {
        var files = blocks.Select(b => b.Header(LogHeader.RecordPositions) is null ? null : b.Header(LogHeader.BaseFileInstantTimeOfRecordPositions)).Distinct().Take(2).ToList();
        return files.Count == 1 ? files[0] : null;
    }

    private static async ValueTask AddAsync(
        LogMerge merge, LogBlockReader reader, LogBlock block, Schema columns, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken)
    {
        var positions = merge.PositionsOf is null ? [] : LogBlockReader.PositionsOf(block);
        merge.Reserve((int)Math.Min(positions.Length, block.ContentLength));
        if (block.Type == LogBlockType.Delete)
        {
            merge.AddDeletes(await reader.ReadDeletesAsync(block, cancellationToken), positions);
            return;
        }

        var schema = reader.SchemaOf(block).ArrowWithMeta;
        var fill = new PartitionFill(columns, schema, partition);
        if (block.IsPartial && read.Merging!.Keys is not null)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "A log block holds some of the columns only (IS_PARTIAL) in a table without meta columns, where rows have no key beside them", path: block.Path, remedy: "Compact the table with Apache Hudi first");
        }

        var present = block.IsPartial ? schema.FieldsList.Select(f => f.Name).ToHashSet() : null;
        int at = 0;
        await foreach (var rows in reader.ReadRowsAsync(block, read.Table, columns, read.BatchRows, cancellationToken))
        {
            var whole = fill.Apply(rows);
            merge.AddRows(read.Merging!.KeysOf(whole), whole, present, positions.AsSpan(Math.Min(at, positions.Length), Math.Min(whole.Length, Math.Max(0, positions.Length - at))));
            at += whole.Length;
        }

        // The i-th record belongs to the i-th position: with more or fewer of them that is not so.
        if (at != positions.Length)
        {
            merge.ForgetPositions();
        }
    }

    // The columns wanted come first, so that a batch of changes begins with what a batch of the base file is.
    private static Schema LogColumns(SliceRead read, MergeSettings settings)
    {
        var needed = settings.KeyColumns.Concat(settings.Rule.LogColumns).Where(c => read.Columns.GetFieldIndex(c) < 0).Distinct().ToList();
        return needed.Count == 0 ? read.Columns : new Schema([.. read.Columns.FieldsList, .. Fields(read.Table, needed)], null);
    }

    private static IEnumerable<Field> Fields(TableSchema table, IEnumerable<string> names) => names.Select(table.ArrowWithMeta.GetFieldByName).OfType<Field>();

    private static async IAsyncEnumerable<BaseRows> ReadBaseAsync(
        IObjectStore store,
        IParquetFormat format,
        BaseFile file,
        LogMerge records,
        SliceRead read,
        IReadOnlyDictionary<string, IArrowArray> partition,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parquet = await format.OpenAsync(store, file.Path, file.Length, cancellationToken);
        var settings = read.Merging!;
        var positions = records.PositionsIn(parquet.Footer.RowGroups.Sum(g => g.NumRows));
        var wanted = new Schema([.. Fields(read.Table, positions is null ? settings.KeyColumns.Concat(records.BaseColumns).Distinct() : records.BaseColumns)], null);
        var projection = SchemaProjection.Create(parquet.Schema, wanted, read.Table, file.Path, file.Instant);
        var fill = new PartitionFill(wanted, parquet.Schema, partition);

        // Row groups that have none of the keys, or by their statistics cannot, are as they were. Keys often grow with time, and changes are often recent.
        bool IsNeeded(int group) => positions is null
            ? settings.Keys is not null || records.Keys.MightMeet(new RowGroupStatistics(parquet.Footer, group).Find(MetaColumns.RecordKey))
            : positions.Meet(parquet.Footer.FirstRowOf(group), parquet.Footer.RowGroups[group].NumRows);
        int[] groups = [.. Enumerable.Range(0, parquet.Footer.RowGroups.Count).Where(IsNeeded)];
        var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = groups, BatchRows = read.BatchRows };
        await foreach (var found in parquet.ReadAsync(request, cancellationToken))
        {
            using var batch = found.Batch;
            using var rows = fill.Apply(projection.Apply(batch));
            yield return new BaseRows(positions is null ? settings.KeysOf(rows) : null, rows, found.FirstRow);
        }
    }
}
