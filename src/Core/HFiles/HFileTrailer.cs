using System.Buffers.Binary;

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
    private const int Version = 3;

    /// <summary>Numbers of the fields in the message.</summary>
    private const int EntryCountField = 7;
    private const int FirstDataBlockField = 9;
    private const int LastDataBlockField = 10;
    private const int CodecField = 12;

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
        long entries = 0, first = 0, last = 0, codec = (long)HFileCodec.None;
        while (message.MoveNext())
        {
            switch (message.Field)
            {
                case EntryCountField:
                    entries = message.Number;
                    break;
                case FirstDataBlockField:
                    first = message.Number;
                    break;
                case LastDataBlockField:
                    last = message.Number;
                    break;
                case CodecField:
                    codec = message.Number;
                    break;
            }
        }

        return (HFileCodec)codec is HFileCodec.Gzip or HFileCodec.None
            ? new HFileTrailer((HFileCodec)codec, entries, first, last)
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The HFile is compressed with {(HFileCodec)codec}", path: path, remedy: "Write it with gzip or without compression");
    }
}
