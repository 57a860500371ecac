using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Merges one row group of a base file with the rows that meet it, by position: stored batches stream through, each gathered with the rows that replace some of its own.
/// Runs on a worker thread.
/// </summary>
internal sealed class RowGroupMerge
{
    private readonly BaseFileContext context;
    private readonly BaseFileWriter writer;
    private readonly MergeInput input;
    private readonly IReadOnlyList<Incoming> changes;
    private readonly IReadOnlyList<Incoming> inserts;
    private readonly IReadOnlyCollection<string> copied;
    private readonly Schema wanted;

    /// <param name="context">The write.</param>
    /// <param name="writer">The new file.</param>
    /// <param name="input">The old file.</param>
    /// <param name="changes">Rows that meet stored rows of this row group.</param>
    /// <param name="inserts">New rows to append to it.</param>
    /// <param name="firstNumber">Number of the first of them all within the file's task, for sequence numbers.</param>
    public RowGroupMerge(
        BaseFileContext context, BaseFileWriter writer, MergeInput input, IReadOnlyList<IncomingRows> changes, IReadOnlyList<IncomingRows> inserts, long firstNumber)
    {
        this.context = context;
        this.writer = writer;
        this.input = input;
        var number = firstNumber;
        Incoming Bind(IncomingRows rows)
        {
            var bound = new Incoming(rows, input.KeyDeletes ? MergeRows.KeyDeletes : input.Rule.Bind(rows.Data, requireOrdering: false), number);
            number += rows.Length;
            return bound;
        }

        this.changes = [.. changes.Select(Bind)];
        this.inserts = [.. inserts.Select(Bind)];

        // Rows stay where they are unless one is deleted or added: then the columns that an update cannot change need not even be read.
        copied = inserts.Count == 0 && input.CanCopy && !this.changes.Any(c => c.Merge.HasDeletes) ? input.UnchangedColumns : [];
        constants = new Dictionary<string, string?>(writer.Constants);
        if (context.PopulateMetaFields)
        {
            constants[MetaColumns.PartitionPath] = writer.PartitionPath;
        }

        wanted = new Schema([.. context.Schema.ArrowWithMeta.FieldsList.Where(f => !constants.ContainsKey(f.Name) && !copied.Contains(f.Name))], null);
    }

    private readonly Dictionary<string, string?> constants;

    public long Updated { get; private set; }

    public long Deleted { get; private set; }

    public async Task<IReadOnlyList<MadeRowGroup>> RunAsync(int rowGroup, CancellationToken cancellationToken)
    {
        var made = new List<MadeRowGroup>();
        var encoder = writer.NewRowGroup(constants, copied);
        var file = await input.Files.RentAsync(cancellationToken);
        try
        {
            var projection = SchemaProjection.Create(file.Schema, wanted, context.Schema, file.Path);
            var next = 0;
            var nextRow = 0;
            var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = [rowGroup] };
            await foreach (var read in file.ReadAsync(request, cancellationToken))
            {
                using var batch = read.Batch;
                using var stored = projection.Apply(batch);
                encoder.Add(Merge(stored, read.FirstRow, ref next, ref nextRow));

                // A row group of another writer may be as large as its file.
                if (copied.Count == 0 && encoder.Rows >= 2L * context.Settings.RowGroupRows)
                {
                    made.Add(new MadeRowGroup(encoder.Finish(), null));
                    encoder.Dispose();
                    encoder = writer.NewRowGroup(constants, copied);
                }
            }

            foreach (var insert in inserts)
            {
                encoder.Add(AsStored(insert));
            }

            if (encoder.Rows > 0)
            {
                made.Add(new MadeRowGroup(encoder.Finish(), copied.Count > 0 ? input.Source(rowGroup) : null));
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
        finally
        {
            encoder.Dispose();
        }
    }

    // Gathers the rows that stay and those that come in their place. Both sides are sorted by position.
    private RecordBatch Merge(RecordBatch stored, long firstRow, ref int next, ref int nextRow)
    {
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
            storedRows ??= input.KeyDeletes ? MergeRows.KeyDeletes : input.Rule.BindStored(stored);
            var decision = input.Rule.Decide(change.Merge, nextRow, storedRows, at);
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
            return stored;
        }

        for (; copiedTo < stored.Length; copiedTo++)
        {
            row![written++] = copiedTo;
        }

        return Kernels.Interleave(sources!, source.AsSpan(0, written), row.AsSpan(0, written));
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
            MetaColumns.CommitTime => Kernels.ConstantString(context.Instant, rows.Length),
            MetaColumns.CommitSeqno => SequenceNumbers.Create(context.Instant, writer.Task, incoming.FirstNumber, rows.Length),
            MetaColumns.RecordKey => rows.Keys,
            _ => rows.Data.Column(field.Name),
        });
        return incoming.Columns = new RecordBatch(wanted, columns, rows.Length);
    }

    private sealed class Incoming(IncomingRows rows, MergeRows merge, long firstNumber)
    {
        public IncomingRows Rows => rows;

        public MergeRows Merge => merge;

        public long FirstNumber => firstNumber;

        public RecordBatch? Columns { get; set; }

        /// <summary>Its ordinal among the sources of the gather into <see cref="Batch"/>.</summary>
        public int Source { get; set; } = -1;

        public RecordBatch? Batch { get; set; }
    }
}
