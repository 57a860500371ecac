using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The rows of Avro and CDC blocks (HoodieAvroDataBlock): content version, number of records, then length and bytes of each.</summary>
internal static class AvroBlock
{
    /// <summary>A batch ends early when its records have so many bytes, however few they are.</summary>
    private const long BatchBytes = 64 << 20;

    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IObjectStore store, LogBlock block, RowPlan plan, int batchRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = plan.Rows;
        using var content = new LogContent(store, block);
        int left = await ReadCountAsync(content, block, cancellationToken).ConfigureAwait(false);
        long bytes = 0;
        while (left > 0)
        {
            long before = content.Remaining;
            int read = ReadRecords(content, rows, block, Math.Min(left, batchRows - rows.Rows), BatchBytes - bytes);
            left -= read;
            bytes += before - content.Remaining;
            if (rows.Rows == batchRows || bytes >= BatchBytes)
            {
                bytes = 0;
                yield return plan.Finish(block);
            }
            else if (left > 0)
            {
                await NextRecordAsync(content, cancellationToken).ConfigureAwait(false);
            }
        }

        if (content.Remaining > 0)
        {
            throw content.Damaged($"{content.Remaining} bytes follow its last record");
        }

        if (rows.Rows > 0)
        {
            yield return plan.Finish(block);
        }
    }

    /// <summary>Writes the content of a block.</summary>
    public static void Write(AvroOutput content, AvroType schema, RecordBatch rows)
    {
        var writer = new AvroRowWriter(schema, rows);
        content.WriteInt32BigEndian(LogFormat.ContentVersion);
        content.WriteInt32BigEndian(rows.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            int start = content.Length;
            content.WriteInt32BigEndian(0);
            writer.Write(content, row);
            content.SetInt32BigEndian(start, content.Length - start - sizeof(int));
        }
    }

    private static async ValueTask<int> ReadCountAsync(LogContent content, LogBlock block, CancellationToken cancellationToken)
    {
        await content.EnsureAsync(2 * sizeof(int), cancellationToken).ConfigureAwait(false);
        int version = BinaryPrimitives.ReadInt32BigEndian(content.Available);
        if (version is < 1 or > LogFormat.ContentVersion)
        {
            throw LogFormat.Refused(block.Path, block.Start, $"has records of the content version {version}", "Read it with a later version of this library");
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(content.Available[sizeof(int)..]);
        content.Take(2 * sizeof(int));
        return count >= 0 && count <= content.Remaining / sizeof(int) ? count : throw content.Damaged($"{count} records are followed by {content.Remaining} bytes");
    }

    /// <summary>Reads the records that are whole in memory; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadRecords(LogContent content, AvroRowReader rows, LogBlock block, int most, long mostBytes)
    {
        var available = content.Available;
        int at = 0;
        int read = 0;
        try
        {
            while (read < most && at < mostBytes && available.Length - at >= sizeof(int))
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(available[at..]);
                if ((uint)length > (uint)(available.Length - at - sizeof(int)))
                {
                    break;
                }

                rows.Read(available.Slice(at + sizeof(int), length));
                at += sizeof(int) + length;
                read++;
            }
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw LogFormat.At(block, e);
        }

        content.Take(at);
        return read;
    }

    private static async ValueTask NextRecordAsync(LogContent content, CancellationToken cancellationToken)
    {
        await content.EnsureAsync(sizeof(int), cancellationToken).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadInt32BigEndian(content.Available);
        if (length < 0 || length > content.Remaining - sizeof(int))
        {
            throw content.Damaged($"a record of {length} bytes is followed by {content.Remaining - sizeof(int)}");
        }

        await content.EnsureAsync(sizeof(int) + length, cancellationToken).ConfigureAwait(false);
    }
}
