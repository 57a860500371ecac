using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The rows of HFile blocks (HoodieHFileDataBlock): values are Avro records of the block's schema, whose key field was emptied because the cell has it.</summary>
internal static class HFileRows
{
    /// <summary>HoodieAvroHFileReaderImplBase.KEY_FIELD_NAME.</summary>
    public const string KeyField = "key";

    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IObjectStore store, LogBlock block, RowPlan plan, int batchRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = plan.Rows;
        var file = await HFile.OpenAsync(new BlockContentStore(store, block), block.Path, block.ContentLength, cancellationToken).ConfigureAwait(false);
        long left = file.Trailer.EntryCount;
        await foreach (var cells in file.ReadDataBlocksAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int at = 0; at < cells.Length;)
            {
                int before = rows.Rows;
                at += Read(cells.Span[at..], rows, block, batchRows);
                left -= rows.Rows - before;
                if (rows.Rows == batchRows)
                {
                    yield return plan.Finish(block);
                }
            }
        }

        if (left != 0)
        {
            throw HFile.Damaged(block.Path, $"it is said to have {left} entries more than it has");
        }

        if (rows.Rows > 0)
        {
            yield return plan.Finish(block);
        }
    }

    /// <summary>Reads cells until the batch or the block is full; returns the bytes read.</summary>
    private static int Read(ReadOnlySpan<byte> block, AvroRowReader rows, LogBlock place, int batchRows)
    {
        var cells = new HFileCells(block, place.Path);
        try
        {
            while (rows.Rows < batchRows && cells.MoveNext())
            {
                rows.Read(cells.Value, cells.Key);
            }
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw LogFormat.At(place, e);
        }

        return block.Length - cells.Remaining;
    }
}
