using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Merges one row group of a base file with the rows that meet it, by position: stored batches are gathered with the rows that replace some of their own. Columns whose values all stay
/// as they are, which is most of them in most updates, are copied byte for byte. Runs on a worker thread.
/// </summary>
internal sealed class RowGroupMerge
{
    private readonly BaseFileContext context;
    private readonly BaseFileWriter writer;
    private readonly MergeInput input;
    private readonly int rowGroup;
    private readonly IReadOnlyList<Incoming> changes;
    private readonly IReadOnlyList<Incoming> inserts;
    private readonly Dictionary<string, string?> constants;
    private readonly bool staysInPlace;
    private readonly IReadOnlyCollection<string> copied;
    private readonly Schema wanted;
    private readonly bool[] changed;
    private readonly ChangeCollector? collector;

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
        var number = firstNumber;
        Incoming Bind(IncomingRows rows)
        {
            var bound = new Incoming(rows, input.KeyDeletes ? MergeRows.KeyDeletes : input.Rule?.Bind(rows.Data, requireOrdering: false), number);
            number += rows.Length;
            return bound;
        }

        this.changes = [.. changes.Select(Bind)];
        this.inserts = [.. inserts.Select(Bind)];

        // Rows stay where they are unless one is deleted or added: then the columns that an update cannot change need not even be read. A row group of another writer may be as large
        // as its file: then it is split, and its columns are no longer those stored.
        var stored = input.Footer.RowGroups[rowGroup];
        staysInPlace = inserts.Count == 0 && input.CanCopy && !this.changes.Any(c => c.HasDeletes)
            && stored.NumRows <= 2L * context.Settings.RowGroupRows && stored.TotalByteSize <= 2 * context.Settings.RowGroupMemory;
        collector = changeData is null ? null : new ChangeCollector(changeData, context.Schema.Arrow);
        copied = staysInPlace && changeData is not { KeepsBefore: true } ? input.UnchangedColumns : [];
        constants = new Dictionary<string, string?>(writer.Constants);
        if (context.PopulateMetaFields)
        {
            constants[MetaColumns.PartitionPath] = writer.PartitionPath;
        }

        wanted = new Schema([.. context.Schema.ArrowWithMeta.FieldsList.Where(f => !constants.ContainsKey(f.Name) && !copied.Contains(f.Name))], null);
        changed = [.. wanted.FieldsList.Select(f => !staysInPlace || f.Name is MetaColumns.CommitTime or MetaColumns.CommitSeqno)];
    }

    public long Updated { get; private set; }

    public long Deleted { get; private set; }

    public async Task<IReadOnlyList<MadeRowGroup>> RunAsync(CancellationToken cancellationToken)
    {
        var made = new List<MadeRowGroup>();
        var held = new List<MergedBatch>();
        var file = await input.Files.RentAsync(cancellationToken);
        try
        {
            var projection = SchemaProjection.Create(file.Schema, wanted, context.Schema, file.Path);
            var next = 0;
            var nextRow = 0;
            var (rows, bytes) = (0L, 0L);
            var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = [rowGroup] };
            await foreach (var read in file.ReadAsync(request, cancellationToken))
            {
                var merged = new MergedBatch(read.Batch, projection.Apply(read.Batch));
                held.Add(merged);
                Merge(merged, read.FirstRow, ref next, ref nextRow);
                if (collector is not null)
                {
                    await collector.WriteAsync(merged.Stored, cancellationToken);
                }

                rows += merged.Length;
                bytes += ArrowSize.Bytes(merged.Stored);
                if (!staysInPlace && (rows >= 2L * context.Settings.RowGroupRows || bytes > 2 * context.Settings.RowGroupMemory))
                {
                    Encode(held, [], made);
                    (rows, bytes) = (0, 0);
                }
            }

            Encode(held, inserts, made);
            input.Files.Return(file);
            return made;
        }
        catch
        {
            made.ForEach(m => m.Encoded?.Dispose());
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            held.ForEach(b => b.Dispose());
        }
    }

    // Encodes what is held, and lets go of it.
    private void Encode(List<MergedBatch> held, IReadOnlyList<Incoming> added, List<MadeRowGroup> made)
    {
        if (staysInPlace && Updated == 0)
        {
            made.Add(new MadeRowGroup(null, input.Source(rowGroup)));
        }
        else
        {
            var columns = Enumerable.Range(0, changed.Length).Where(c => changed[c]).ToArray();
            var batches = held.Where(b => b.Length > 0).Select(b => b.Gather(columns)).Concat(added.Select(AsStored)).ToList();
            if (batches.Count > 0)
            {
                string[] same = staysInPlace ? [.. copied, .. wanted.FieldsList.Where((_, c) => !changed[c]).Select(f => f.Name)] : [];
                made.Add(new MadeRowGroup(writer.EncodeRowGroup(batches, constants, same), same.Length > 0 ? input.Source(rowGroup) : null));
            }
        }

        held.ForEach(b => b.Dispose());
        held.Clear();
    }

    // Finds the rows that stay and those that come in their place. Both sides are sorted by position.
    private void Merge(MergedBatch merged, long firstRow, ref int next, ref int nextRow)
    {
        var stored = merged.Stored;
        int[]? source = null;
        int[]? row = null;
        List<RecordBatch>? sources = null;
        MergeRows? storedRows = null;
        var written = 0;
        var copiedTo = 0;
        var end = firstRow + stored.Length;
        while (next < changes.Count)
        {
            var change = changes[next];
            if (nextRow == change.Rows.Length)
            {
                next++;
                nextRow = 0;
                continue;
            }

            var position = change.Rows.Positions[nextRow];
            if (position >= end)
            {
                break;
            }

            var at = (int)(position - firstRow);
            var decision = Decide(change, nextRow, stored, at, ref storedRows);
            if (decision != MergeDecision.Keep)
            {
                source ??= new int[stored.Length];
                row ??= new int[stored.Length];
                sources ??= [stored];
                for (; copiedTo < at; copiedTo++)
                {
                    row[written++] = copiedTo;
                }

                copiedTo = at + 1;
                collector?.Add(at, change.Rows, nextRow, decision == MergeDecision.Delete);
                if (decision == MergeDecision.Replace)
                {
                    if (change.Source < 0 || change.Batch != stored)
                    {
                        change.Source = sources.Count;
                        change.Batch = stored;
                        sources.Add(AsStored(change));
                    }

                    source[written] = change.Source;
                    row[written++] = nextRow;
                    Compare(stored, at, sources[change.Source], nextRow);
                    Updated++;
                }
                else
                {
                    Deleted++;
                }
            }

            nextRow++;
        }

        if (source is null)
        {
            return;
        }

        for (; copiedTo < stored.Length; copiedTo++)
        {
            row![written++] = copiedTo;
        }

        merged.Replace(sources!, source, row!, written);
    }

    private MergeDecision Decide(Incoming change, int row, RecordBatch stored, int at, ref MergeRows? storedRows)
    {
        if (input.Rule is not { } rule)
        {
            return change.Rows.Deleted is { } deleted && deleted[row] ? MergeDecision.Delete : MergeDecision.Replace;
        }

        storedRows ??= input.KeyDeletes ? MergeRows.KeyDeletes : rule.BindStored(stored);
        return rule.Decide(change.Merge!, row, storedRows, at);
    }

    // Which columns are still the same in all rows.
    private void Compare(RecordBatch stored, int at, RecordBatch incoming, int row)
    {
        for (var c = 0; c < changed.Length; c++)
        {
            changed[c] = changed[c] || !Kernels.Equal(stored.Column(c), at, incoming.Column(c), row);
        }
    }

    // Incoming rows with the columns that are merged.
    private RecordBatch AsStored(Incoming incoming)
    {
        if (incoming.Columns is { } known)
        {
            return known;
        }

        var rows = incoming.Rows;
        var columns = wanted.FieldsList.Select(field => field.Name switch
        {
            MetaColumns.CommitTime when !rows.AreMerged => Kernels.ConstantString(context.Instant, rows.Length),
            MetaColumns.CommitSeqno when !rows.AreMerged => SequenceNumbers.Create(context.Instant, writer.Task, incoming.FirstNumber, rows.Length),
            MetaColumns.RecordKey => rows.Keys,
            _ => rows.Data.Column(field.Name),
        });
        return incoming.Columns = new RecordBatch(wanted, columns, rows.Length);
    }

    private sealed class Incoming(IncomingRows rows, MergeRows? merge, long firstNumber)
    {
        public IncomingRows Rows => rows;

        public MergeRows? Merge => merge;

        public bool HasDeletes => merge?.HasDeletes ?? rows.Deleted is not null;

        public long FirstNumber => firstNumber;

        public RecordBatch? Columns { get; set; }

        /// <summary>Its ordinal among the sources of the gather into <see cref="Batch"/>.</summary>
        public int Source { get; set; } = -1;

        public RecordBatch? Batch { get; set; }
    }
}
