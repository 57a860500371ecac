using System.Buffers.Binary;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <content>From a file's tail and back.</content>
internal sealed partial class ParquetFooter
{
    /// <summary>Most footers with their bloom filter aside fit in so many bytes; a longer one costs a second read.</summary>
    public const int FirstTailRead = 64 * 1024;

    /// <summary>Where a request costs more than so many bytes: holds a footer with Hudi's bloom filter, and a small file whole.</summary>
    public const int RemoteTailRead = 512 * 1024;

    /// <summary>Length (4 bytes, little-endian) and magic at the end of the file.</summary>
    private const int TrailerLength = 8;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Reads a footer, in one ranged read of the file's tail where that holds it whole, else in two.</summary>
    /// <param name="fileLength">The file's length where the caller knows it; null asks the store.</param>
    /// <param name="tailBytes">How much to read at first. A Hudi base file with its bloom filter has a footer of about 436 kB.</param>
    public static async ValueTask<ParquetFooter> ReadAsync(
        IObjectStore store, string path, long? fileLength = null, int tailBytes = FirstTailRead, CancellationToken cancellationToken = default) =>
        (await ReadTailAsync(store, path, fileLength, tailBytes, cancellationToken)).Footer;

    /// <summary>Like <see cref="ReadAsync"/>, and gives the tail's bytes too, which a reader of the file need not fetch again.</summary>
    internal static async ValueTask<(ParquetFooter Footer, ReadOnlyMemory<byte> Tail, long FileLength)> ReadTailAsync(
        IObjectStore store, string path, long? fileLength, int tailBytes, CancellationToken cancellationToken)
    {
        long length = fileLength ?? (await store.GetInfoAsync(path, cancellationToken))?.Length
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "There is no such file", path: path);
        if (length < TrailerLength + Magic.Length)
        {
            throw Corrupt(path, $"it has {length} bytes, too few for a Parquet file");
        }

        byte[] tail = await ReadExactlyAsync(store, path, length, (int)Math.Min(length, tailBytes), cancellationToken);
        int footerLength = CheckTrailer(tail, length, path);
        if (footerLength + TrailerLength > tail.Length)
        {
            tail = await ReadExactlyAsync(store, path, length, footerLength + TrailerLength, cancellationToken);
        }

        var footer = Parse(tail.AsMemory(tail.Length - TrailerLength - footerLength, footerLength), length, path);
        return (footer, tail, length);
    }

    /// <summary>Decodes the Thrift bytes of a footer and checks them against the file's length.</summary>
    public static ParquetFooter Parse(ReadOnlyMemory<byte> bytes, long fileLength, string? path = null)
    {
        var reader = new ThriftReader(bytes, path);
        var footer = ReadStruct(ref reader);
        footer.Check(fileLength - TrailerLength - bytes.Length);
        return footer;
    }

    /// <summary>Decodes the footer of a file that is in memory.</summary>
    public static ParquetFooter ParseFile(ReadOnlyMemory<byte> file, string? path = null)
    {
        if (file.Length < TrailerLength + Magic.Length)
        {
            throw Corrupt(path, $"it has {file.Length} bytes, too few for a Parquet file");
        }

        int footerLength = CheckTrailer(file.Span, file.Length, path);
        return Parse(file.Slice(file.Length - TrailerLength - footerLength, footerLength), file.Length, path);
    }

    /// <summary>The footer as it stands at a file's end: Thrift bytes, their length and the magic.</summary>
    public ReadOnlyMemory<byte> ToTail()
    {
        int capacity = 1024;
        foreach (var entry in KeyValues)
        {
            capacity += entry.Key.Length + (entry.Value?.Length ?? 0);
        }

        var writer = new ThriftWriter(capacity);
        WriteStruct(writer);
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, writer.Written.Length);
        Magic.CopyTo(trailer[4..]);
        writer.Raw(trailer);
        return writer.Written;
    }

    private static int CheckTrailer(ReadOnlySpan<byte> tail, long fileLength, string? path)
    {
        var magic = tail[^4..];
        if (magic.SequenceEqual("PARE"u8))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "The Parquet file has an encrypted footer", path: path, remedy: "Write it without encryption");
        }

        if (!magic.SequenceEqual(Magic))
        {
            throw Corrupt(path, "it does not end as a Parquet file does: it is none, or was cut off");
        }

        int footerLength = BinaryPrimitives.ReadInt32LittleEndian(tail[^TrailerLength..]);
        if (footerLength <= 0 || footerLength > fileLength - TrailerLength - Magic.Length)
        {
            throw Corrupt(path, $"its footer is said to have {footerLength} bytes in a file of {fileLength}");
        }

        return footerLength;
    }

    private static async ValueTask<byte[]> ReadExactlyAsync(IObjectStore store, string path, long fileLength, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
        int read = await store.ReadRangeAsync(path, fileLength - count, bytes, cancellationToken);
        return read == count ? bytes : throw Corrupt(path, $"it is shorter than the {fileLength} bytes it was said to have");
    }

    private static LakehouseException Corrupt(string? path, string problem) => new(LakehouseErrorKind.Corrupt, $"Damaged Parquet file: {problem}", path: path);
}
