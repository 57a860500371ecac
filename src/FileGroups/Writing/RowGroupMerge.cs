using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Merges one row group of a base file with the rows that meet it, by position. What becomes of each stored row is settled first; then column after column is read, gathered and encoded.
/// Columns whose values all stay as they are, which is most of them in most updates, are copied byte for byte. Runs on a worker thread.
/// </summary>
internal sealed class RowGroupMerge
{
    private readonly BaseFileContext context;
    private readonly BaseFileWriter writer;
    private readonly MergeInput input;
    private readonly int rowGroup;
    private readonly List<IncomingColumns> changes;
    private readonly List<IncomingColumns> inserts;
    private readonly Dictionary<string, string?> constants;
    private readonly IReadOnlyList<Field> columns;
    private readonly ChangeDataWriter? changeData;
    private long filledNumber;

    /// <param name="context">The write.</param>
    /// <param name="writer">The new file.</param>
    /// <param name="input">The old file.</param>
    /// <param name="rowGroup">Which of its row groups.</param>
    /// <param name="changes">Rows that meet stored rows of this row group.</param>
    /// <param name="inserts">New rows to append to it.</param>
    /// <param name="firstNumber">Number of the first of them all within the file's task, for sequence numbers.</param>
    /// <param name="changeData">Where changes are logged; null where they are not.</param>
    public RowGroupMerge(
        BaseFileContext context, BaseFileWriter writer, MergeInput input, int rowGroup, IReadOnlyList<IncomingRows> changes, IReadOnlyList<IncomingRows> inserts, long firstNumber,
        ChangeDataWriter? changeData)
    {
        this.context = context;
        this.writer = writer;
        this.input = input;
        this.rowGroup = rowGroup;
        this.changeData = changeData;
        filledNumber = firstNumber;
        IncomingColumns Number(IncomingRows rows)
        {
            var numbered = new IncomingColumns(rows, context.Instant, writer.Task, firstNumber);
            firstNumber += rows.Length;
            return numbered;
        }

        this.changes = [.. changes.Select(Number)];
        this.inserts = [.. inserts.Select(Number)];
        constants = new Dictionary<string, string?>(writer.Constants);
        if (context.PopulateMetaFields)
        {
            constants[MetaColumns.PartitionPath] = writer.PartitionPath;
        }

        columns = [.. context.Schema.ArrowWithMeta.FieldsList.Where(f => !constants.ContainsKey(f.Name))];
    }

    public long Updated { get; private set; }

    public long Deleted { get; private set; }

    public async Task<IReadOnlyList<MadeRowGroup>> RunAsync(CancellationToken cancellationToken)
    {
        var made = new List<MadeRowGroup>();
        var file = await input.Files.RentAsync(cancellationToken);
        try
        {
            var total = input.Footer.RowGroups[rowGroup].NumRows;
            var most = SliceRows();
            await using (var stored = new StoredColumns(file, input.Slice.Base!.Instant, rowGroup, most, context.Schema, [.. columns.Select(c => c.Name).Where(n => file.Schema.GetFieldIndex(n) >= 0)], cancellationToken))
            {
                var collector = changeData is null ? null : new ChangeCollector(changeData, context.Schema.Arrow);
                using var decisions = new RowGroupDecisions(input, context.Schema, [.. changes.Select(c => c.Rows)], input.Footer.FirstRowOf(rowGroup), collector);
                var done = 0L;
                do
                {
                    stored.Next((int)Math.Min(most, total - done));
                    done += stored.Length;
                    using var rows = await decisions.NextAsync(stored, context.Schema);
                    if (collector is not null && rows.Replaced + rows.Removed > 0)
                    {
                        await collector.WriteAsync(await BeforeAsync(stored), cancellationToken);
                    }

                    await MergeAsync(stored, rows, isWhole: stored.Length == total, isLast: done == total, made);
                }
                while (done < total);

                Updated = decisions.Updated;
                Deleted = decisions.Deleted;
            }

            input.Files.Return(file);
            return made;
        }
        catch
        {
            made.ForEach(m => m.Encoded?.Dispose());
            await file.DisposeAsync();
            throw;
        }
    }

    // A row group of another writer may be as large as its file: then it is split.
    private int SliceRows()
    {
        var (rows, bytes) = (2L * context.Settings.RowGroupRows, 2 * context.Settings.RowGroupMemory);
        var group = input.Footer.RowGroups[rowGroup];
        return group.NumRows <= rows && group.TotalByteSize <= bytes
            ? (int)rows
            : (int)Math.Clamp(group.NumRows * context.Settings.RowGroupMemory / Math.Max(1, group.TotalByteSize), 1, context.Settings.RowGroupRows);
    }

    // The stored rows of a slice, as far as a log of changes keeps them.
    private async ValueTask<RecordBatch> BeforeAsync(StoredColumns stored)
    {
        var fields = changeData!.KeepsBefore ? context.Schema.Arrow.FieldsList : [];
        var arrays = new List<IArrowArray>();
        foreach (var field in fields)
        {
            arrays.Add(await stored.ReadAsync(field));
        }

        return new RecordBatch(new Schema(fields, null), arrays, stored.Length);
    }

    private async ValueTask MergeAsync(StoredColumns stored, RowGroupDecisions.Slice rows, bool isWhole, bool isLast, List<MadeRowGroup> made)
    {
        var met = NumberedChanges(rows.Changes);
        var added = isLast ? inserts : [];
        if (rows.Replaced == 0 && rows.Removed == 0 && added.Count == 0 && isWhole && input.CanCopy)
        {
            made.Add(new MadeRowGroup(null, input.Source(rowGroup)));
            return;
        }

        for (var i = 0; i < added.Count; i++)
        {
            rows.Runs.Add(1 + met.Count + i, 0, added[i].Length);
        }

        var length = stored.Length - rows.Removed + added.Sum(a => (long)a.Length);
        if (length > 0)
        {
            var staysInPlace = rows.Removed == 0 && added.Count == 0 && isWhole && input.CanCopy;

            // Keys to delete have no other columns, and none of them is written.
            IReadOnlyList<IncomingColumns> incoming = input.KeyDeletes ? [] : [.. met, .. added];
            made.Add(await EncodeAsync(stored, rows.Runs, incoming, length, staysInPlace));
        }
    }

    // Rows that were filled are new ones, at most as many as came.
    private List<IncomingColumns> NumberedChanges(IReadOnlyList<IncomingRows> rows)
    {
        if (rows.Count == changes.Count && rows.Zip(changes).All(p => ReferenceEquals(p.First, p.Second.Rows)))
        {
            return changes;
        }

        var numbered = new List<IncomingColumns>();
        foreach (var filled in rows)
        {
            numbered.Add(new IncomingColumns(filled, context.Instant, writer.Task, filledNumber));
            filledNumber += filled.Length;
        }

        return numbered;
    }

    private async ValueTask<MadeRowGroup> EncodeAsync(StoredColumns stored, RunBuilder runs, IReadOnlyList<IncomingColumns> incoming, long length, bool staysInPlace)
    {
        using var encoder = writer.NewRowGroup(length);
        encoder.AddConstants(constants);
        var isCopied = false;
        foreach (var field in columns)
        {
            if (staysInPlace && input.UnchangedColumns.Contains(field.Name))
            {
                isCopied = true;
                continue;
            }

            var old = await stored.ReadAsync(field);
            IArrowArray[] sources = [old, .. incoming.Select(i => i.Column(field.Name))];
            if (staysInPlace && field.Name is not (MetaColumns.CommitTime or MetaColumns.CommitSeqno) && Kernels.AreInPlace(sources, runs))
            {
                isCopied = true;
            }
            else
            {
                encoder.Add(field.Name, [runs.IsAllOf(0, old.Length) ? old : Kernels.Build(sources, runs)]);
            }

            stored.Release(field.Name);
        }

        return new MadeRowGroup(encoder.Finish(), isCopied ? input.Source(rowGroup) : null);
    }
}
