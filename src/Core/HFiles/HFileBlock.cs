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
/// <param name="ChecksumType">See <see cref="HFileChecksums"/>.</param>
/// <param name="ChecksumChunk">Bytes that one checksum is of.</param>
internal readonly record struct HFileBlock(bool IsData, int DataLength, int UncompressedLength, int TotalLength, byte ChecksumType, int ChecksumChunk)
{
    public const int HeaderLength = 33;

    public static ReadOnlySpan<byte> DataMagic => "DATABLK*"u8;

    /// <summary>Of the index of data blocks and that of meta blocks (bloom filters).</summary>
    public static ReadOnlySpan<byte> RootIndexMagic => "IDXROOT2"u8;

    public static ReadOnlySpan<byte> FileInfoMagic => "FILEINF2"u8;

    public static bool IsDataBlock(byte[] bytes, int at) => bytes.AsSpan(at).StartsWith(DataMagic);

    public static bool IsRootIndex(byte[] bytes, int at) => bytes.AsSpan(at).StartsWith(RootIndexMagic);

    /// <summary>An index block below the root.</summary>
    public static bool IsLowerIndex(byte[] bytes, int at) => bytes.AsSpan(at).StartsWith("IDXLEAF2"u8) || bytes.AsSpan(at).StartsWith("IDXINTE2"u8);

    public static bool IsMeta(byte[] bytes, int at) => bytes.AsSpan(at).StartsWith("METABLKc"u8);

    public static bool IsFileInfo(byte[] bytes, int at) => bytes.AsSpan(at).StartsWith(FileInfoMagic);

    /// <summary>Whether it may stand before the root index: data, lower indexes, bloom filters of Hudi and of HBase.</summary>
    public static bool IsBeforeIndex(byte[] bytes, int at) => IsDataBlock(bytes, at) || IsLowerIndex(bytes, at) || IsMeta(bytes, at) || bytes.AsSpan(at).StartsWith("BLMFBLK2"u8);

    /// <param name="room">Bytes from the block's beginning to where the trailer begins.</param>
    public static HFileBlock Parse(ReadOnlySpan<byte> header, long room, string path)
    {
        long onDisk = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        int uncompressed = BinaryPrimitives.ReadInt32BigEndian(header[12..]);
        int withHeader = BinaryPrimitives.ReadInt32BigEndian(header[29..]);
        return withHeader >= HeaderLength && onDisk >= withHeader - HeaderLength && onDisk <= Math.Min(room, Array.MaxLength) - HeaderLength && uncompressed >= 0 && uncompressed <= Array.MaxLength
            ? new HFileBlock(
                header.StartsWith(DataMagic), withHeader - HeaderLength, uncompressed, HeaderLength + (int)onDisk, header[24], BinaryPrimitives.ReadInt32BigEndian(header[25..]))
            : throw HFile.Damaged(path, $"a block of {onDisk} bytes, {withHeader} without checksums and {uncompressed} uncompressed, has room for {room}");
    }
}
