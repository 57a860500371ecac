using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// The 33 bytes before a block's data: magic, length on disk without them, length uncompressed, the previous block of the kind, checksum type and chunk, length on disk without
/// checksums. Checksums follow the data: 4 bytes for each chunk, also where the type says that there are none.
/// </summary>
/// <param name="IsData">Whether it is a data block; index and bloom blocks may stand between them.</param>
/// <param name="DataLength">Bytes of the data, compressed.</param>
/// <param name="UncompressedLength">Bytes of the data uncompressed.</param>
/// <param name="TotalLength">Bytes of the block: where the next one begins.</param>
internal readonly record struct HFileBlock(bool IsData, int DataLength, int UncompressedLength, long TotalLength)
{
    public const int HeaderLength = 33;

    public static ReadOnlySpan<byte> DataMagic => "DATABLK*"u8;

    /// <summary>Of the index of data blocks and that of meta blocks (bloom filters).</summary>
    public static ReadOnlySpan<byte> RootIndexMagic => "IDXROOT2"u8;

    public static ReadOnlySpan<byte> FileInfoMagic => "FILEINF2"u8;

    /// <param name="room">Bytes from the block's beginning to where the trailer begins.</param>
    public static HFileBlock Parse(ReadOnlySpan<byte> header, long room, string path)
    {
        long onDisk = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        int uncompressed = BinaryPrimitives.ReadInt32BigEndian(header[12..]);
        int withHeader = BinaryPrimitives.ReadInt32BigEndian(header[29..]);
        return withHeader >= HeaderLength && onDisk >= withHeader - HeaderLength && onDisk <= room - HeaderLength && uncompressed >= 0
            ? new HFileBlock(header.StartsWith(DataMagic), withHeader - HeaderLength, uncompressed, HeaderLength + onDisk)
            : throw HFile.Damaged(path, $"a block of {onDisk} bytes, {withHeader} without checksums and {uncompressed} uncompressed, has room for {room}");
    }
}
