using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The rows of a slice's base file in the columns wanted, without what its logs change; read by a thread of their own where one is free, so many bytes ahead.</summary>
internal sealed class StoredBatches : IAsyncDisposable
{
    // Memory is given out in parts: a batch takes one or several of them, at most all.
    private const int Parts = 16;
    private readonly Channel<(RecordBatch Rows, long First, int Parts)> ahead =
        Channel.CreateUnbounded<(RecordBatch Rows, long First, int Parts)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly SemaphoreSlim free = new(Parts);
    private readonly long partBytes;
    private readonly CancellationTokenSource stop;
    private readonly Task work;

    /// <summary>Begins to read.</summary>
    public StoredBatches(IObjectStore store, IParquetFormat format, BaseFile file, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, CancellationToken cancellationToken)
    {
        partBytes = Math.Max(1, read.AheadBytes / Parts);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        work = Task.Run(() => FillAsync(ReadAsync(store, format, file, read, partition, stop.Token)), CancellationToken.None);
    }

    /// <summary>Reads on the caller's thread.</summary>
    /// <returns>Batches of <see cref="SliceRead.Columns"/> with the position of their first row; the caller disposes them.</returns>
    public static async IAsyncEnumerable<(RecordBatch Rows, long First)> ReadAsync(
        IObjectStore store, IParquetFormat format, BaseFile file, SliceRead read, IReadOnlyDictionary<string, IArrowArray> partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parquet = await format.OpenAsync(store, file.Path, file.Length, cancellationToken);
        var projection = SchemaProjection.Create(parquet.Schema, read.Columns, read.Table, file.Path, file.Instant);
        var groups = read.Filter is null
            ? null
            : Enumerable.Range(0, parquet.Footer.RowGroups.Count).Where(g => read.Filter.MightMatch(new SliceStatistics(parquet, file.Instant, g, read, partition))).ToList();
        if (groups is { Count: 0 })
        {
            yield break;
        }

        var fill = new PartitionFill(read.Columns, parquet.Schema, partition);
        var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = groups, BatchRows = read.BatchRows };
        await foreach (var found in parquet.ReadAsync(request, cancellationToken))
        {
            using var batch = found.Batch;
            yield return (fill.Apply(projection.Apply(batch)), found.FirstRow);
        }
    }

    /// <summary>What is read ahead, once.</summary>
    public async IAsyncEnumerable<(RecordBatch Rows, long First)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (rows, first, parts) in ahead.Reader.ReadAllAsync(cancellationToken))
        {
            free.Release(parts);
            yield return (rows, first);
        }
    }

    /// <summary>Also when the caller stops early: nobody reads on in the background, and nothing stays in memory.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        while (ahead.Reader.TryRead(out var unread))
        {
            unread.Rows.Dispose();
        }

        free.Dispose();
        stop.Dispose();
    }

    private async Task FillAsync(IAsyncEnumerable<(RecordBatch Rows, long First)> stored)
    {
        try
        {
            await foreach (var (rows, first) in stored)
            {
                int parts = (int)Math.Clamp(ArrowSize.Bytes(rows) / partBytes, 1, Parts);
                ahead.Writer.TryWrite((rows, first, parts));
                for (int taken = 0; taken < parts; taken++)
                {
                    await free.WaitAsync(stop.Token);
                }
            }

            ahead.Writer.Complete();
        }
        catch (Exception e)
        {
            // Thrown where the rows are read.
            ahead.Writer.Complete(e);
        }
    }
}
