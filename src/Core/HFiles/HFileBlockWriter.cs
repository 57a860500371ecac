using System.Buffers.Binary;
using System.IO.Compression;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>Writes blocks: header, data as the codec has it, and a checksum of each chunk of both.</summary>
internal sealed class HFileBlockWriter(Stream target, HFileCodec codec)
{
    /// <summary>A gzip member of nothing; GZipStream writes none at all.</summary>
    private static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly MemoryStream _block = new(HFileWriter.MostBlockBytes + 1024);

    public HFileCodec Codec { get; } = codec is HFileCodec.Gzip or HFileCodec.None
        ? codec
        : throw new ArgumentOutOfRangeException(nameof(codec), codec, "Not a codec that is written.");

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes of the blocks so far with their headers, before compression.</summary>
    public long UncompressedBytes { get; private set; }

    public void Write(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> data, long previous)
    {
        _block.SetLength(HFileBlock.HeaderLength);
        _block.Position = HFileBlock.HeaderLength;
        if (Codec == HFileCodec.None)
        {
            _block.Write(data);
        }
        else if (data.IsEmpty)
        {
            _block.Write(EmptyGzip);
        }
        else
        {
            using var gzip = new GZipStream(_block, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(data);
        }

        int withHeader = checked((int)_block.Length);
        int checksums = HFileChecksums.Length(withHeader, HFileChecksums.Chunk);
        _block.SetLength(withHeader + checksums);
        var bytes = _block.GetBuffer().AsSpan(0, withHeader + checksums);
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], bytes.Length - HFileBlock.HeaderLength);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], data.Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], previous);
        bytes[24] = HFileChecksums.Crc32C;
        BinaryPrimitives.WriteInt32BigEndian(bytes[25..], HFileChecksums.Chunk);
        BinaryPrimitives.WriteInt32BigEndian(bytes[29..], withHeader);
        HFileChecksums.Write(bytes[..withHeader], bytes[withHeader..]);
        UncompressedBytes += HFileBlock.HeaderLength + data.Length;
        WriteRaw(bytes);
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        target.Write(bytes);
        Position += bytes.Length;
    }
}
