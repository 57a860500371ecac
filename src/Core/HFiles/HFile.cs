using System.IO.Compression;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>An HFile of version 3 (HBase's sorted file of keys and values, as Hudi writes it), read from its first block to its last.</summary>
internal sealed class HFile
{
    /// <summary>No compressed byte stands for more than so many (RFC 1951): a greater length is not believed.</summary>
    private const long MostInflation = 1032;

    private readonly IObjectStore _store;
    private readonly string _path;
    private readonly long _end;

    private HFile(IObjectStore store, string path, long end, HFileTrailer trailer)
    {
        _store = store;
        _path = path;
        _end = end;
        Trailer = trailer;
    }

    public HFileTrailer Trailer { get; }

    /// <exception cref="LakehouseException">Corrupt: no HFile, or cut off. Unsupported: another version or a codec other than gzip.</exception>
    public static async ValueTask<HFile> OpenAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken)
    {
        if (length < HFileTrailer.Length)
        {
            throw Damaged(path, $"it has {length} bytes, too few for its trailer");
        }

        var trailer = new byte[HFileTrailer.Length];
        long end = length - HFileTrailer.Length;
        int read = await store.ReadRangeAsync(path, end, trailer, cancellationToken).ConfigureAwait(false);
        return read == trailer.Length ? new HFile(store, path, end, HFileTrailer.Parse(trailer, path)) : throw Damaged(path, "it is shorter than it was said to be");
    }

    /// <summary>The data blocks uncompressed, in key order; each is valid until the next is asked for. Read one with <see cref="HFileCells"/>.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadDataBlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] data = [];
        byte[] plain = [];
        var header = new byte[HFileBlock.HeaderLength];
        long at = Trailer.FirstDataBlock;
        while (Trailer.EntryCount > 0 && at <= Trailer.LastDataBlock)
        {
            if (at < 0 || _end - at < HFileBlock.HeaderLength)
            {
                throw Damaged(_path, $"a block is said to begin at {at}");
            }

            await FillAsync(at, header, cancellationToken).ConfigureAwait(false);
            var block = HFileBlock.Parse(header, _end - at, _path);
            if (block.IsData)
            {
                data = data.Length >= block.DataLength ? data : new byte[block.DataLength];
                await FillAsync(at + HFileBlock.HeaderLength, data.AsMemory(0, block.DataLength), cancellationToken).ConfigureAwait(false);
                yield return Uncompress(block, data, ref plain);
            }

            at += block.TotalLength;
        }
    }

    internal static LakehouseException Damaged(string path, string problem, Exception? inner = null) =>
        new(LakehouseErrorKind.Corrupt, $"Damaged HFile: {problem}", path: path, inner: inner);

    private ReadOnlyMemory<byte> Uncompress(HFileBlock block, byte[] data, ref byte[] plain)
    {
        int wanted = block.UncompressedLength;
        if (Trailer.Codec == HFileCodec.None)
        {
            return wanted == block.DataLength ? data.AsMemory(0, wanted) : throw Damaged(_path, $"a block of {block.DataLength} bytes is said to have {wanted}");
        }

        if (wanted > block.DataLength * MostInflation)
        {
            throw Damaged(_path, $"a block of {block.DataLength} compressed bytes is said to have {wanted}");
        }

        plain = plain.Length >= wanted ? plain : new byte[wanted];
        try
        {
            using var gzip = new GZipStream(new MemoryStream(data, 0, block.DataLength), CompressionMode.Decompress);
            int read = gzip.ReadAtLeast(plain.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            return read == wanted ? plain.AsMemory(0, wanted) : throw Damaged(_path, $"a block has {read} bytes instead of {wanted}");
        }
        catch (InvalidDataException e)
        {
            throw Damaged(_path, "a block's compressed data is damaged", e);
        }
    }

    private async ValueTask FillAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (await _store.ReadRangeAsync(_path, offset, target, cancellationToken).ConfigureAwait(false) < target.Length)
        {
            throw Damaged(_path, "it became shorter");
        }
    }
}
