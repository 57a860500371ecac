using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// The last 4,096 bytes of an HFile of version 3: a magic, the length of a protobuf message (FileTrailerProto of HBase) and the message, zeros, and the version.
/// </summary>
/// <param name="EntryCount">Cells in all data blocks.</param>
/// <param name="FirstDataBlock">Where the first data block begins.</param>
/// <param name="LastDataBlock">Where the last data block begins.</param>
internal sealed record HFileTrailer(HFileCodec Codec, long EntryCount, long FirstDataBlock, long LastDataBlock)
{
    public const int Length = 4096;
    private const string Comparator = "org.apache.hudi.io.storage.HoodieHBaseKVComparator";
    private const int Version = 3;

    /// <summary>More levels than any file could need: each holds thousands of entries.</summary>
    private const int MostIndexLevels = 16;

    /// <summary>HBase's minor version 3, which its readers want for checksums.</summary>
    private const int WrittenVersion = (3 << 24) | Version;

    /// <summary>Numbers of the fields in the message.</summary>
    private const int FileInfoField = 1;
    private const int LoadOnOpenField = 2;
    private const int IndexBytesField = 3;
    private const int UncompressedBytesField = 4;
    private const int IndexCountField = 5;
    private const int MetaIndexCountField = 6;
    private const int EntryCountField = 7;
    private const int IndexLevelsField = 8;
    private const int FirstDataBlockField = 9;
    private const int LastDataBlockField = 10;
    private const int ComparatorField = 11;
    private const int CodecField = 12;

    /// <summary>Where the block of the file's information begins.</summary>
    public long FileInfo { get; init; }

    /// <summary>Where the root index begins, and with it what a reader loads at once.</summary>
    public long LoadOnOpen { get; init; }

    /// <summary>Bytes of the root index uncompressed.</summary>
    public long IndexBytes { get; init; }

    /// <summary>Bytes of all blocks with their headers, uncompressed.</summary>
    public long UncompressedBytes { get; init; }

    /// <summary>Entries of the root index.</summary>
    public int IndexCount { get; init; }

    /// <summary>Entries of the index of meta blocks.</summary>
    public int MetaIndexCount { get; init; }

    /// <summary>Levels of the index of data blocks: 1 where the root index points at them.</summary>
    public int IndexLevels { get; init; }

    private static ReadOnlySpan<byte> Magic => "TRABLK\"$"u8;

    public static HFileTrailer Parse(ReadOnlySpan<byte> trailer, string path)
    {
        // The upper byte is the minor version, which changes nothing here.
        int version = BinaryPrimitives.ReadInt32BigEndian(trailer[^sizeof(int)..]) & 0xFFFFFF;
        if (!trailer.StartsWith(Magic))
        {
            throw HFile.Damaged(path, "it does not end with a trailer of version 3");
        }

        if (version != Version)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The HFile has the version {version}", path: path, remedy: "Write it with version 3");
        }

        var message = new ProtobufFields(trailer[Magic.Length..^sizeof(int)], path);
        message = new ProtobufFields(message.ReadBytes(), path);
        var fields = new long[CodecField + 1];
        fields[CodecField] = (long)HFileCodec.None;
        fields[IndexLevelsField] = 1;
        while (message.MoveNext())
        {
            if (message.Field <= CodecField)
            {
                fields[message.Field] = message.Number;
            }
        }

        if (fields[IndexLevelsField] is < 0 or > MostIndexLevels || fields[IndexCountField] is < 0 or > int.MaxValue || fields[MetaIndexCountField] is < 0 or > int.MaxValue)
        {
            throw HFile.Damaged(path, $"its indexes are said to have {fields[IndexLevelsField]} levels, {fields[IndexCountField]} and {fields[MetaIndexCountField]} entries");
        }

        var codec = (HFileCodec)fields[CodecField];
        return codec is HFileCodec.Gzip or HFileCodec.None
            ? new HFileTrailer(codec, fields[EntryCountField], fields[FirstDataBlockField], fields[LastDataBlockField])
            {
                FileInfo = fields[FileInfoField],
                LoadOnOpen = fields[LoadOnOpenField],
                IndexBytes = fields[IndexBytesField],
                UncompressedBytes = fields[UncompressedBytesField],
                IndexCount = (int)fields[IndexCountField],
                MetaIndexCount = (int)fields[MetaIndexCountField],
                IndexLevels = (int)fields[IndexLevelsField],
            }
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The HFile is compressed with {codec}", path: path, remedy: "Write it with gzip or without compression");
    }

    public byte[] Write()
    {
        var message = new ArrayBufferWriter<byte>();
        ProtobufOutput.WriteNumber(message, FileInfoField, FileInfo);
        ProtobufOutput.WriteNumber(message, LoadOnOpenField, LoadOnOpen);
        ProtobufOutput.WriteNumber(message, IndexBytesField, IndexBytes);
        ProtobufOutput.WriteNumber(message, UncompressedBytesField, UncompressedBytes);
        ProtobufOutput.WriteNumber(message, IndexCountField, IndexCount);
        ProtobufOutput.WriteNumber(message, MetaIndexCountField, MetaIndexCount);
        ProtobufOutput.WriteNumber(message, EntryCountField, EntryCount);
        ProtobufOutput.WriteNumber(message, IndexLevelsField, IndexLevels);
        ProtobufOutput.WriteNumber(message, FirstDataBlockField, FirstDataBlock);
        ProtobufOutput.WriteNumber(message, LastDataBlockField, LastDataBlock);
        ProtobufOutput.WriteBytes(message, ComparatorField, Encoding.UTF8.GetBytes(Comparator));
        ProtobufOutput.WriteNumber(message, CodecField, (int)Codec);

        var start = new ArrayBufferWriter<byte>();
        start.Write(Magic);
        ProtobufOutput.WriteVarint(start, (ulong)message.WrittenCount);
        start.Write(message.WrittenSpan);
        var trailer = new byte[Length];
        start.WrittenSpan.CopyTo(trailer);
        BinaryPrimitives.WriteInt32BigEndian(trailer.AsSpan(^sizeof(int)..), WrittenVersion);
        return trailer;
    }
}
