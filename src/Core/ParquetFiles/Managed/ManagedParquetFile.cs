using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Storage;
using Parquet;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>A file whose pages Parquet.Net decodes and whose rows are assembled here.</summary>
internal sealed class ManagedParquetFile : IParquetFile
{
    private readonly RangeStream _stream;
    private ParquetReader? _reader;

    internal ManagedParquetFile(IObjectStore store, string path, ParquetFooter footer, long length)
    {
        Path = path;
        Footer = footer;
        Schema = ParquetToArrow.Convert(footer);
        var tail = PlainFooter.Create(footer);
        _stream = new RangeStream(store, path, length + tail.Length, tail);
    }

    public string Path { get; }

    public ParquetFooter Footer { get; }

    public Schema Schema { get; }

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

        foreach (int rowGroup in selection.RowGroups)
        {
            int rows = checked((int)Footer.RowGroups[rowGroup].NumRows);
            var columns = new ArrayData[selection.Nodes.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = await ReadColumnAsync(rowGroup, selection.Nodes[i], selection.Schema.FieldsList[i], cancellationToken);
                if (columns[i].Length != rows)
                {
                    throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{selection.Nodes[i].Name}' has {columns[i].Length} rows in a row group of {rows}", path: Path);
                }
            }

            long firstRow = Footer.FirstRowOf(rowGroup);
            for (int row = 0; row < rows; row += request.BatchRows)
            {
                int count = Math.Min(request.BatchRows, rows - row);
                var arrays = columns.Select(column => ArrowArrayFactory.BuildArray(count == rows ? column : column.Slice(row, count)));
                yield return new ParquetBatch(new RecordBatch(selection.Schema, arrays, count), rowGroup, firstRow + row);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        await _stream.DisposeAsync();
    }

    private async ValueTask<ArrayData> ReadColumnAsync(int rowGroup, SchemaNode node, Field field, CancellationToken cancellationToken)
    {
        var metadata = Footer.RowGroups[rowGroup];
        var leaves = new Dictionary<int, LeafColumn>();
        try
        {
            for (int leaf = node.FirstLeaf; leaf < node.FirstLeaf + node.LeafCount; leaf++)
            {
                var chunk = metadata.Columns[leaf];
                if (chunk.TotalCompressedSize > System.Array.MaxLength || chunk.NumValues > System.Array.MaxLength)
                {
                    throw new LakehouseException(
                        LakehouseErrorKind.Unsupported, $"Column '{Footer.Root.Leaves[leaf].DottedPath}' is too large for the managed Parquet reader", path: Path, remedy: "Use the native reader");
                }

                (long, long)[] range = [(chunk.Start, chunk.TotalCompressedSize)];
                await _stream.PrefetchAsync(range, range, long.MaxValue, cancellationToken);
                PageCheck.Check(_stream.Fetched(chunk.Start, chunk.TotalCompressedSize), chunk, Footer.Root.Leaves[leaf], Path);
                leaves.Add(leaf, await DecodeAsync(rowGroup, leaf, (int)chunk.NumValues, cancellationToken));
            }

            return new ArrowAssembler(leaves, Path).Assemble(node, field);
        }
        finally
        {
            foreach (var leaf in leaves.Values)
            {
                leaf.Dispose();
            }
        }
    }

    private async ValueTask<LeafColumn> DecodeAsync(int rowGroup, int leaf, int entries, CancellationToken cancellationToken)
    {
        try
        {
            _reader ??= await ParquetReader.CreateAsync(_stream, leaveStreamOpen: true, cancellationToken: cancellationToken);
            using var group = _reader.OpenRowGroupReader(rowGroup);
            var raw = await group.ReadRawColumnDataBaseAsync(_reader.Schema.DataFields[leaf], cancellationToken);
            return new LeafColumn(Footer.Root.Leaves[leaf], raw, entries);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or LakehouseException or OperationCanceledException))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{Footer.Root.Leaves[leaf].DottedPath}' cannot be read: {failure.Message}", path: Path, inner: failure);
        }
    }
}
