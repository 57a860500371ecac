using System.Buffers.Binary;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>The content of delete blocks (HoodieDeleteBlock): content version, length, and an Avro HoodieDeleteRecordList.</summary>
internal static class DeleteBlock
{
    private const int Prefix = 2 * sizeof(int);

    public static async ValueTask<LogDeletes> ReadAsync(IObjectStore store, LogBlock block, CancellationToken cancellationToken)
    {
        if (block.Type != LogBlockType.Delete)
        {
            throw new ArgumentException($"The block is of the type {block.Type}.", nameof(block));
        }

        using var content = new LogContent(store, block);
        await content.EnsureAsync(Prefix, cancellationToken).ConfigureAwait(false);
        int version = BinaryPrimitives.ReadInt32BigEndian(content.Available);
        int length = BinaryPrimitives.ReadInt32BigEndian(content.Available[sizeof(int)..]);
        if (version is 1 or 2)
        {
            throw LogFormat.Refused(
                block.Path, block.Start, $"has deletes of the content version {version}, serialised by Java's Kryo as releases before 0.14 did", "Compact the table with the Hudi release that wrote it");
        }

        if (version != LogFormat.ContentVersion)
        {
            throw LogFormat.Refused(block.Path, block.Start, $"has deletes of the content version {version}", "Read it with a later version of this library");
        }

        if (length < 0 || length != content.Remaining - Prefix)
        {
            throw content.Damaged($"its deletes are said to have {length} bytes where there are {content.Remaining - Prefix}");
        }

        await content.EnsureAsync(Prefix + length, cancellationToken).ConfigureAwait(false);
        try
        {
            return Parse(content.Available.Slice(Prefix, length));
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw LogFormat.At(block, e);
        }
    }

    /// <summary>An array of records: key and partition path, each a string or null, and the ordering value.</summary>
    internal static LogDeletes Parse(ReadOnlySpan<byte> list)
    {
        var input = new AvroInput(list);
        var keys = new BytesBuilder(StringType.Default);
        var partitions = new BytesBuilder(StringType.Default);
        var orderings = new BytesBuilder(BinaryType.Default);
        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                ReadText(ref input, keys);
                ReadText(ref input, partitions);
                int start = input.Position;
                OrderingValue.Skip(ref input, isItem: false);
                orderings.Append(list[start..input.Position]);
            }
        }

        return input.Remaining == 0 ? new LogDeletes(keys, partitions, orderings) : throw AvroInput.Bad($"{input.Remaining} bytes follow the last delete");
    }

    /// <summary>Writes the content of a block.</summary>
    /// <param name="orderings">The ordering columns; none for deletes that apply to all that was written before them.</param>
    public static void Write(AvroOutput content, StringArray keys, string partitionPath, IReadOnlyList<IArrowArray> orderings)
    {
        var path = Encoding.UTF8.GetBytes(partitionPath);
        var values = new OrderingWriter(orderings);
        content.WriteInt32BigEndian(LogFormat.ContentVersion);
        content.WriteInt32BigEndian(0);
        if (keys.Length > 0)
        {
            content.WriteLong(keys.Length);
        }

        for (int row = 0; row < keys.Length; row++)
        {
            content.WriteLong(1);
            content.WriteBytes(keys.GetBytes(row));
            content.WriteLong(1);
            content.WriteBytes(path);
            values.Write(content, row);
        }

        content.WriteLong(0);
        content.SetInt32BigEndian(sizeof(int), content.Length - Prefix);
    }

    private static void ReadText(ref AvroInput input, BytesBuilder column)
    {
        switch (input.ReadInt())
        {
            case 0:
                column.AppendNull();
                break;
            case 1:
                column.Append(input.ReadBytes());
                break;
            case var branch:
                throw AvroSkip.NoBranch(branch);
        }
    }
}
