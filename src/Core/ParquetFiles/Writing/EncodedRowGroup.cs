namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// A row group in its final bytes, waiting in memory to be appended to a file by <see cref="ParquetFileWriter"/>. Some of its columns may be missing, to be copied from
/// another file. Whoever holds it disposes it; appending does not.
/// </summary>
internal sealed class EncodedRowGroup : IDisposable
{
    private readonly Chunk?[] _chunks;

    internal EncodedRowGroup(long rows, Chunk?[] chunks)
    {
        Rows = rows;
        _chunks = chunks;
    }

    public long Rows { get; }

    /// <summary>Bytes that it will take in the file, and about as many in memory.</summary>
    public long Length => _chunks.Sum(chunk => chunk?.Metadata.TotalCompressedSize ?? 0);

    /// <summary>Whether it holds this leaf.</summary>
    internal bool Has(int leaf) => _chunks[leaf] is not null;

    internal ColumnChunkMetadata Metadata(int leaf) => _chunks[leaf]!.Value.Metadata;

    internal ValueTask WriteAsync(int leaf, Stream stream, CancellationToken cancellationToken)
    {
        var (metadata, blocks, bytes) = _chunks[leaf]!.Value;
        return blocks is null ? stream.WriteAsync(bytes, cancellationToken) : blocks.CopyToAsync(stream, metadata.Start, metadata.TotalCompressedSize, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            chunk?.Blocks?.Dispose();
        }
    }

    /// <param name="Metadata">Its offsets count from the beginning of the blocks.</param>
    /// <param name="Blocks">Where it is; shared by the leaves of a nested column.</param>
    /// <param name="Bytes">The chunk itself where there are no blocks.</param>
    internal readonly record struct Chunk(ColumnChunkMetadata Metadata, PooledBlocks? Blocks, ReadOnlyMemory<byte> Bytes = default);
}
