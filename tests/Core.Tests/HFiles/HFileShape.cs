using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OllaLab.Lakehouse.HFiles;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>Writes HFiles of five cells a block as other writers would.</summary>
internal sealed class HFileShape(string shape)
{
    private readonly MemoryStream target = new();

    public byte[] Write((string Key, string Value)[] cells)
    {
        var blocks = new HFileBlockWriter(target, HFileCodec.None);
        var entries = new List<(long Offset, int Size, byte[] Key)>();
        long first = -1, last = 0;
        byte[] previous = [];
        foreach (var part in cells.Chunk(5))
        {
            var bytes = new ArrayBufferWriter<byte>();
            foreach (var (key, value) in part)
            {
                HFileKey.WriteCell(bytes, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
            }

            (first, last) = (first < 0 ? blocks.Position : first, blocks.Position);
            blocks.Write(HFileBlock.DataMagic, bytes.WrittenSpan, -1);
            var row = Encoding.UTF8.GetBytes(part[0].Key);
            entries.Add((last, (int)(blocks.Position - last), KeyOf(shape == "fake" ? Shortened(previous, row) : row)));
            previous = Encoding.UTF8.GetBytes(part[^1].Key);
        }

        int levels = shape switch { "two levels" => 2, "three levels" => 3, _ => 1 };
        for (int level = 1; level < levels; level++)
        {
            entries = [.. entries.Chunk(3).Select(part => Lower(blocks, part, level == 1 ? "IDXLEAF2"u8 : "IDXINTE2"u8))];
        }

        long loadOnOpen = blocks.Position;
        blocks.Write(HFileBlock.RootIndexMagic, Root(entries), -1);
        blocks.Write(HFileBlock.RootIndexMagic, [], -1);
        long info = blocks.Position;
        blocks.Write(HFileBlock.FileInfoMagic, HFileInfo.Write([("schema", HFileSamples.Schema.ToArray())]), -1);
        blocks.WriteRaw(new HFileTrailer(HFileCodec.None, cells.Length, first, last) { FileInfo = info, LoadOnOpen = loadOnOpen, IndexCount = entries.Count, IndexLevels = levels }.Write());
        return target.ToArray();
    }

    /// <summary>A key above the one before and not above this one, as short as may be.</summary>
    private static byte[] Shortened(byte[] before, byte[] key) => Enumerable.Range(0, key.Length + 1).Select(n => key[..n]).First(k => k.AsSpan().SequenceCompareTo(before) > 0 || k.Length == key.Length);

    private byte[] KeyOf(byte[] row) => shape is "bare" or "protobuf" ? HFileKey.Full(row)[..(row.Length + 2)] : HFileKey.Full(row);

    private byte[] Root(List<(long Offset, int Size, byte[] Key)> entries)
    {
        var root = new ArrayBufferWriter<byte>();
        foreach (var (offset, size, key) in entries)
        {
            WritePlace(root, offset, size);
            if (shape == "protobuf")
            {
                ProtobufOutput.WriteVarint(root, (ulong)key.Length);
            }
            else
            {
                root.Advance(HadoopNumber.Write(root.GetSpan(3), key.Length));
            }

            root.Write(key);
        }

        // HBase ends the root of several levels with the middle key's place.
        root.Write(shape.EndsWith("levels", StringComparison.Ordinal) ? new byte[16] : []);
        return root.WrittenSpan.ToArray();
    }

    private static (long Offset, int Size, byte[] Key) Lower(HFileBlockWriter blocks, (long Offset, int Size, byte[] Key)[] entries, ReadOnlySpan<byte> magic)
    {
        var block = new ArrayBufferWriter<byte>();
        WriteInt(block, entries.Length);
        for (int i = 0; i <= entries.Length; i++)
        {
            WriteInt(block, entries.Take(i).Sum(e => 12 + e.Key.Length));
        }

        foreach (var (offset, size, key) in entries)
        {
            WritePlace(block, offset, size);
            block.Write(key);
        }

        long at = blocks.Position;
        blocks.Write(magic, block.WrittenSpan, -1);
        return (at, (int)(blocks.Position - at), entries[0].Key);
    }

    private static void WritePlace(ArrayBufferWriter<byte> target, long offset, int size)
    {
        BinaryPrimitives.WriteInt64BigEndian(target.GetSpan(8), offset);
        target.Advance(8);
        WriteInt(target, size);
    }

    private static void WriteInt(ArrayBufferWriter<byte> target, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(4), value);
        target.Advance(4);
    }
}
