namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// A row group in its final bytes, waiting in memory to be appended to a file by <see cref="ParquetFileWriter"/>. Some of its columns may be missing, to be copied from
/// another file. Whoever holds it disposes it; appending does not.
/// </summary>
internal sealed class EncodedRowGroup : IDisposable
{
    private readonly Chunk?[] _chunks;
    private ParquetSharp.IO.Buffer? _native;

    internal EncodedRowGroup(long rows, Chunk?[] chunks, ParquetSharp.IO.Buffer? native)
    {
        Rows = rows;
        _chunks = chunks;
        _native = native;
    }

    public long Rows { get; }

    /// <summary>Bytes that it will take in the file, and about as many in memory.</summary>
    public long Length => _chunks.Sum(chunk => chunk?.Metadata.TotalCompressedSize ?? 0);

    /// <summary>Whether it holds this leaf.</summary>
    internal bool Has(int leaf) => _chunks[leaf] is not null;

    internal ColumnChunkMetadata Metadata(int leaf) => _chunks[leaf]!.Value.Metadata;

    internal async ValueTask WriteAsync(int leaf, Stream stream, CancellationToken cancellationToken)
    {
        const int piece = 4 << 20;
        var chunk = _chunks[leaf]!.Value;
        if (chunk.Managed is { } managed)
        {
            await stream.WriteAsync(managed, cancellationToken);
            return;
        }

        nint data = (_native ?? throw new ObjectDisposedException(nameof(EncodedRowGroup))).Data;
        for (long done = 0; done < chunk.Metadata.TotalCompressedSize; done += piece)
        {
            int length = (int)Math.Min(piece, chunk.Metadata.TotalCompressedSize - done);
            await stream.WriteAsync(new NativeMemory((nint)(data + chunk.Metadata.Start + done), length).Memory, cancellationToken);
        }
    }

    public void Dispose()
    {
        _native?.Dispose();
        _native = null;
    }

    /// <param name="Metadata">Its offsets count from the native buffer's beginning.</param>
    /// <param name="Managed">The bytes where they are not in the native buffer.</param>
    internal readonly record struct Chunk(ColumnChunkMetadata Metadata, ReadOnlyMemory<byte>? Managed);
}
