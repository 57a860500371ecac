using System.Buffers.Binary;
using System.IO.Compression;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>Reads blocks of one HFile into memory that is used again: a piece of the file, whole blocks mostly, and the last block uncompressed.</summary>
internal sealed class HFileBuffer(HFileSource source, HFileCodec codec)
{
    /// <summary>What is read of the file at once where the caller does not say more.</summary>
    private const int Ahead = 128 * 1024;

    /// <summary>No compressed byte stands for more than so many (RFC 1951): a greater length is not believed.</summary>
    private const long MostInflation = 1032;

    private byte[] _piece = [];
    private long _pieceStart;
    private int _pieceLength;
    private byte[] _plain = [];
    private ReadOnlyMemory<byte> _current;
    private long _currentStart = -1;
    private long _currentEnd;

    /// <summary>Whether the last block is a data block.</summary>
    public bool IsData { get; private set; }

    /// <summary>A block's data uncompressed, valid until the next is read, and where the block ends.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="isExpected">Whether a block's magic is one that may be here; null: data and what may stand between, and only data blocks are uncompressed.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="ahead">How many bytes from here are going to be read anyway.</param>
    public async ValueTask<(ReadOnlyMemory<byte> Data, long End)> ReadAsync(long at, Func<byte[], int, bool>? isExpected, CancellationToken cancellationToken, int ahead = 0)
    {
        if (at == _currentStart)
        {
            return (_current, _currentEnd);
        }

        _currentStart = -1;
        long room = source.End - at;
        if (at < 0 || room < HFileBlock.HeaderLength)
        {
            throw HFile.Damaged(source.Path, $"a block is said to begin at {at}");
        }

        int start = await NeedAsync(at, HFileBlock.HeaderLength, ahead, cancellationToken).ConfigureAwait(false);
        var block = HFileBlock.Parse(_piece.AsSpan(start), room, source.Path);
        if (!(isExpected ?? HFileBlock.IsBeforeIndex)(_piece, start))
        {
            throw HFile.Damaged(source.Path, $"the block at {at} is of another kind than its place says");
        }

        if (isExpected is not null || block.IsData)
        {
            start = await NeedAsync(at, block.TotalLength, ahead, cancellationToken).ConfigureAwait(false);
            _current = Uncompress(block, _piece.AsMemory(start, block.TotalLength), at);
            _currentStart = at;
        }

        IsData = block.IsData;
        _currentEnd = at + block.TotalLength;
        return (_current, _currentEnd);
    }

    /// <summary>Where in the piece so many bytes from a place on are.</summary>
    private async ValueTask<int> NeedAsync(long at, int count, int ahead, CancellationToken cancellationToken)
    {
        if (at < _pieceStart || at + count > _pieceStart + _pieceLength)
        {
            int wanted = (int)Math.Min(source.End - at, Math.Max(count, ahead > 0 ? ahead : Ahead));
            _pieceLength = 0;
            _piece = _piece.Length >= wanted ? _piece : new byte[wanted];
            await source.FillAsync(at, _piece.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            (_pieceStart, _pieceLength) = (at, wanted);
        }

        return (int)(at - _pieceStart);
    }

    private ReadOnlyMemory<byte> Uncompress(HFileBlock block, ReadOnlyMemory<byte> bytes, long at)
    {
        int end = HFileBlock.HeaderLength + block.DataLength;
        if (!HFileChecksums.AreRight(block.ChecksumType, block.ChecksumChunk, bytes.Span[..end], bytes.Span[end..]))
        {
            throw HFile.Damaged(source.Path, $"the block at {at} is not what its checksums say");
        }

        var data = bytes[HFileBlock.HeaderLength..end];
        int wanted = block.UncompressedLength;
        if (codec == HFileCodec.None)
        {
            return wanted == data.Length ? data : throw HFile.Damaged(source.Path, $"a block of {data.Length} bytes is said to have {wanted}");
        }

        // The last four bytes of a gzip member say its length too (RFC 1952).
        if (wanted > data.Length * MostInflation || data.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(data.Span[^sizeof(int)..]) != wanted)
        {
            throw HFile.Damaged(source.Path, $"a block of {data.Length} compressed bytes is said to have {wanted}");
        }

        _plain = _plain.Length >= wanted ? _plain : new byte[wanted];
        try
        {
            using var gzip = new GZipStream(new MemoryStream(_piece, (int)(at - _pieceStart) + HFileBlock.HeaderLength, data.Length), CompressionMode.Decompress);
            int read = gzip.ReadAtLeast(_plain.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            return read == wanted ? _plain.AsMemory(0, wanted) : throw HFile.Damaged(source.Path, $"a block has {read} bytes instead of {wanted}");
        }
        catch (InvalidDataException e)
        {
            throw HFile.Damaged(source.Path, "a block's compressed data is damaged", e);
        }
    }
}
