using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>Reads the changes that <see cref="ChangePlanner"/> found (CDCFileGroupIterator), in batches of <see cref="ChangeColumns.Output"/>.</summary>
internal sealed class ChangeScan(TableState state, TableSchema table, LakehouseOptions resources, int batchRows)
{
    // Rows of both states of so many keys are held at once.
    private const int KeysAtOnce = 65_536;

    private readonly IParquetFormat format = ParquetFormats.Of(resources.ParquetReader);
    private readonly PartitionValues partitions = new(state.Config, table);

    // Where no slice has logs the merge mode need not be understood.
    private readonly Lazy<MergeSettings> merging = new(() => new MergeSettings(MergeRule.Create(state.Config, mergers: resources.RecordMergers), resources.MemoryBudget, resources.SpillFolder));

    public ChangeColumns Columns { get; } = new(table);

    public async IAsyncEnumerable<RecordBatch> ReadAsync(ChangeSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = source.Inference switch
        {
            ChangeInference.Inserted => WholeAsync(source.After!, ChangeColumns.Inserted, source.Instant, Until(source.Instant), cancellationToken),
            ChangeInference.Deleted => WholeAsync(source.Before!, ChangeColumns.Deleted, source.Instant, Before(source.Instant), cancellationToken),
            ChangeInference.Compared => CompareAsync(source, cancellationToken),
            _ => LoggedAsync(source, cancellationToken),
        };
        await foreach (var batch in changes)
        {
            yield return batch;
        }
    }

    private LogInstants Until(string instant) => new(state.Timeline, AsOf: instant);

    private LogInstants Before(string instant) => new(state.Timeline, Before: instant);

    private IAsyncEnumerable<RecordBatch> RowsAsync(FileSlice slice, LogInstants instants, CancellationToken cancellationToken)
    {
        var read = new SliceRead(table, Columns.Images, null, batchRows) { Logs = instants, Merging = slice.Logs.Count == 0 ? null : merging.Value };
        return FileSliceReader.ReadAsync(state.Store, format, slice, read, partitions.Of(slice.PartitionPath), cancellationToken);
    }

    private async IAsyncEnumerable<RecordBatch> WholeAsync(FileSlice slice, string operation, string instant, LogInstants instants, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var rows in RowsAsync(slice, instants, cancellationToken))
        {
            yield return Columns.Whole(rows, operation, instant);
        }
    }

    private async IAsyncEnumerable<RecordBatch> CompareAsync(ChangeSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = new KeyMap();
        var reader = new LogBlockReader(state.Store, format);
        var keyColumn = new Schema([table.ArrowWithMeta.GetFieldByName(MetaColumns.RecordKey)], null);
        var instants = Until(source.Instant) with { Range = new IncrementalRange([new Instant(source.Instant, Actions.DeltaCommit, InstantState.Completed)], false) };
        foreach (var block in await LogScan.SelectAsync(state.Store, source.Logs, instants, cancellationToken))
        {
            if (block.Type == LogBlockType.Delete)
            {
                Add(keys, (await reader.ReadDeletesAsync(block, cancellationToken)).Keys);
                continue;
            }

            await foreach (var rows in reader.ReadRowsAsync(block, table, keyColumn, batchRows, cancellationToken))
            {
                Add(keys, (StringArray)rows.Column(0));
            }
        }

        for (var first = 0; first < keys.Count; first += KeysAtOnce)
        {
            var count = Math.Min(KeysAtOnce, keys.Count - first);
            using var before = await RowImages.FindAsync(source.Before is { } b ? RowsAsync(b, Before(source.Instant), cancellationToken) : null, keys, first, count, cancellationToken);
            using var after = await RowImages.FindAsync(RowsAsync(source.After!, Until(source.Instant), cancellationToken), keys, first, count, cancellationToken);
            foreach (var batch in Differences(before, after, first, count, source.Instant))
            {
                yield return batch;
            }
        }
    }

    private IEnumerable<RecordBatch> Differences(RowImages before, RowImages after, int first, int count, string instant)
    {
        var changed = new List<int>();
        for (var key = first; key < first + count; key++)
        {
            var (was, now) = (before[key].Source >= 0, after[key].Source >= 0);
            if (was || now)
            {
                if (!was || !now || !RowImages.AreSame(before, after, key))
                {
                    changed.Add(key);
                }
            }
        }

        foreach (var part in changed.Chunk(batchRows))
        {
            var operations = new StringArray.Builder();
            foreach (var key in part)
            {
                operations.Append(before[key].Source < 0 ? ChangeColumns.Inserted : after[key].Source < 0 ? ChangeColumns.Deleted : ChangeColumns.Updated);
            }

            yield return Columns.Batch(operations.Build(), instant, Gather(before, part), Gather(after, part));
        }
    }

    private IArrowArray Gather(RowImages images, int[] keys)
    {
        var places = System.Array.ConvertAll(keys, k => k < 0 ? (-1, 0) : images[k]);
        return Columns.Gather(images.Batches, System.Array.ConvertAll(places, p => p.Item1), System.Array.ConvertAll(places, p => Math.Max(0, p.Item2)));
    }

    // What CDC files hold depends on the logging mode: both states, the state before, or operation and key alone (HoodieCDCSupplementalLoggingMode). The rest is looked up in the slices.
    private async IAsyncEnumerable<RecordBatch> LoggedAsync(ChangeSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new LogBlockReader(state.Store, format);
        foreach (var log in source.Logs)
        {
            await foreach (var block in LogFileReader.ReadBlocksAsync(state.Store, log.Path, log.Length, cancellationToken))
            {
                if (block.Type != LogBlockType.CdcData)
                {
                    throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The change data file has a block of type {block.Type}", state.Store.Root, log.Path, source.Instant, "Restore the file");
                }

                var logged = CdcFields(block);
                var wanted = logged.Contains(ChangeColumns.After) ? Columns.Output : new Schema([.. Columns.Keyed.FieldsList.Where(f => logged.Contains(f.Name))], null);
                await foreach (var rows in reader.ReadRowsAsync(block, table, wanted, batchRows, cancellationToken))
                {
                    yield return logged.Contains(ChangeColumns.After) ? rows : await LookUpAsync(source, rows, cancellationToken);
                }
            }
        }
    }

    private static HashSet<string> CdcFields(LogBlock block) => [.. TableSchema.FromAvro(block.Header(LogHeader.Schema)!).Arrow.FieldsList.Select(f => f.Name)];

    private async ValueTask<RecordBatch> LookUpAsync(ChangeSource source, RecordBatch rows, CancellationToken cancellationToken)
    {
        using (rows)
        {
            var keys = new KeyMap(rows.Length);
            var numbers = new int[rows.Length];
            var operations = (StringArray)rows.Column(rows.Schema.GetFieldIndex(ChangeColumns.Operation));
            keys.AddAll((StringArray)rows.Column(rows.Schema.GetFieldIndex(ChangeColumns.RecordKey)), numbers);
            using var after = await RowImages.FindAsync(source.After is { } a ? RowsAsync(a, Until(source.Instant), cancellationToken) : null, keys, 0, keys.Count, cancellationToken);
            using var before = await RowImages.FindAsync(
                rows.Schema.GetFieldIndex(ChangeColumns.Before) < 0 && source.Before is { } b ? RowsAsync(b, Before(source.Instant), cancellationToken) : null, keys, 0, keys.Count, cancellationToken);
            var now = numbers.Select((k, row) => operations.GetString(row) == ChangeColumns.Deleted ? -1 : k).ToArray();
            var was = numbers.Select((k, row) => operations.GetString(row) == ChangeColumns.Inserted ? -1 : k).ToArray();
            var logged = rows.Schema.GetFieldIndex(ChangeColumns.Before);
            return Columns.Batch(Kernels.Compact(operations), source.Instant, logged >= 0 ? Kernels.Compact(rows.Column(logged)) : Gather(before, was), Gather(after, now));
        }
    }

    private static void Add(KeyMap keys, StringArray column) => keys.AddAll(column, new int[column.Length]);
}
