using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using OllaLab.Lakehouse.Storage;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// A file open in Arrow C++. Its memory is bounded by one buffer a column and the batch: row groups are read one at a time through buffered streams, never pre-buffered
/// whole (Arrow's own pre-buffering keeps every chunk asked for until the reader is closed). It is shown a footer without key/values: each column that it delivers would bring them along,
/// bloom filters of megabytes among them.
/// </summary>
internal sealed class ParquetSharpFile : IParquetFile
{
    private const int ColumnBuffer = 256 * 1024;

    /// <summary>Chunks of a row group that are fetched ahead from a store which is no local disk; larger row groups are read in windows.</summary>
    private const long PrefetchLimit = 64 << 20;

    /// <summary>Those of the next row group are fetched while one is read, up to so many bytes.</summary>
    private const long NextLimit = 32 << 20;

    private readonly IObjectStore _store;
    private readonly long _length;
    private (int BatchRows, FileReader Reader, RangeStream Stream)? _open;

    internal ParquetSharpFile(IObjectStore store, string path, ParquetFooter footer, long length)
    {
        _store = store;
        _length = length;
        Path = path;
        Footer = footer;
        Schema = ParquetToArrow.Convert(footer);
    }

    public string Path { get; }

    public ParquetFooter Footer { get; }

    public Schema Schema { get; }

    /// <summary>The file's last bytes, where they were read from an object store: they are not asked for again.</summary>
    public ReadOnlyMemory<byte> Tail { get; init; }

    public async IAsyncEnumerable<ParquetBatch> ReadAsync(ParquetReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var selection = ColumnSelection.Create(Footer, Schema, request, Path);
        if (selection.IsEmpty)
        {
            foreach (var batch in EmptyBatches.Of(Footer, selection, request.BatchRows))
            {
                yield return batch;
            }

            yield break;
        }

        var (reader, stream) = Open(request.BatchRows);
        int[] leaves = selection.Leaves;
        int[] order = Order(selection);
        var ahead = request.Ahead is null ? selection : ColumnSelection.Create(Footer, Schema, request with { Columns = request.Ahead }, Path);
        for (int i = 0; i < selection.RowGroups.Length; i++)
        {
            int rowGroup = selection.RowGroups[i];
            var metadata = Footer.RowGroups[rowGroup];
            if (stream.IsRemote)
            {
                await stream.PrefetchAsync([.. selection.Ranges(metadata)], ahead.Ranges(metadata), PrefetchLimit, cancellationToken);
                if (i + 1 < selection.RowGroups.Length && Requests.AreAtOnce(_store))
                {
                    stream.BeginNext(ahead.Ranges(Footer.RowGroups[selection.RowGroups[i + 1]]), NextLimit);
                }
            }

            long firstRow = Footer.FirstRowOf(rowGroup);
            long end = firstRow + metadata.NumRows;
            using var batches = Guard(() => reader.GetRecordBatchReader([rowGroup], leaves), stream);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Next(batches, stream) is not { } batch)
                {
                    break;
                }

                var conformed = ArrowConform.Conform(InOrder(batch, order), selection.Schema, Path);
                yield return new ParquetBatch(conformed, rowGroup, firstRow);
                firstRow += batch.Length;
            }

            if (firstRow != end)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Row group {rowGroup} has {metadata.NumRows} rows by the footer and {end - firstRow} fewer were read", path: Path);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
        {
            await open.Stream.StopAsync();
        }

        Close();
    }

    /// <summary>The native reader delivers columns in file order; gives, for each wanted column, its place there.</summary>
    private static int[] Order(ColumnSelection selection)
    {
        var inFile = selection.Nodes.OrderBy(node => node.FirstLeaf).ToList();
        return [.. selection.Nodes.Select(node => inFile.IndexOf(node))];
    }

    private static RecordBatch InOrder(RecordBatch batch, int[] order)
    {
        var arrays = new IArrowArray[order.Length];
        var fields = new Field[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            arrays[i] = batch.Column(order[i]);
            fields[i] = batch.Schema.FieldsList[order[i]];
        }

        return new RecordBatch(new Schema(fields, null), arrays, batch.Length);
    }

    private (FileReader Reader, RangeStream Stream) Open(int batchRows)
    {
        if (_open is { } open && open.BatchRows == batchRows)
        {
            return (open.Reader, open.Stream);
        }

        Close();
        using var readerProperties = ReaderProperties.WithMemoryPool(ArrowMemory.Pool);
        readerProperties.EnableBufferedStream();
        readerProperties.BufferSize = ColumnBuffer;
        using var arrowProperties = ArrowReaderProperties.GetDefault();
        arrowProperties.BatchSize = batchRows;
        arrowProperties.PreBuffer = false;
        arrowProperties.UseThreads = false;
        arrowProperties.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;
        var tail = Footer.WithoutKeyValues().ToTail();
        var stream = new RangeStream(_store, Path, _length + tail.Length, tail, _store.GetLocalPath(Path)) { Kept = (_length - Tail.Length, Tail) };
        var reader = Guard(() => new FileReader(stream, readerProperties, arrowProperties), stream);
        _open = (batchRows, reader, stream);
        return (reader, stream);
    }

    private void Close()
    {
        _open?.Reader.Dispose();
        _open?.Stream.Dispose();
        _open = null;
    }

    private RecordBatch? Next(IArrowArrayStream batches, RangeStream stream) =>
        Guard(() => batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult(), stream);

    private T Guard<T>(Func<T> native, RangeStream stream)
    {
        try
        {
            return native();
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or LakehouseException))
        {
            if (stream.Failure is { } cause)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            }

            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The Parquet file cannot be read: {failure.Message}", path: Path, inner: failure);
        }
    }
}
