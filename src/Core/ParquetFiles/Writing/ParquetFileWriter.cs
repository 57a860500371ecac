using System.Buffers;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Writes one Parquet file, sequentially, to the stream of an object that is being written. The file's framing and footer are ours; ParquetSharp only encodes row groups
/// (<see cref="RowGroupEncoder"/>), elsewhere and in parallel. Row groups and single chunks of other files are taken over byte for byte.
/// Key/values can be set until <see cref="CloseAsync"/>; without it the stream holds no footer and thus no Parquet file.
/// </summary>
internal sealed class ParquetFileWriter
{
    /// <summary>
    /// Readers decide by this whether statistics can be believed. Java distrusts those of old parquet-mr and of unparsable names (CorruptStatistics), Arrow those of old
    /// parquet-cpp and parquet-mr: any other "name version x.y.z (build w)" is trusted.
    /// </summary>
    public const string CreatedBy = "OllaLab.Lakehouse version 0.1.0 (build parquet-cpp-arrow)";

    private const int CopyBuffer = 1 << 20;

    private readonly Stream _stream;
    private readonly ParquetFooter _footer;
    private bool _closed;

    /// <param name="stream">Where to write; stays open.</param>
    public ParquetFileWriter(Stream stream, ParquetOutputSchema schema, ParquetWriteOptions? options = null)
    {
        _stream = stream;
        Schema = schema;
        Options = options ?? ParquetWriteOptions.Default;
        _footer = new ParquetFooter { Schema = schema.Elements, CreatedBy = CreatedBy, ColumnOrders = [.. schema.Root.Leaves.Select(_ => true)] };
    }

    public ParquetOutputSchema Schema { get; }

    public ParquetWriteOptions Options { get; }

    /// <summary>Rows appended so far.</summary>
    public long Rows => _footer.NumRows;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    public int RowGroups => _footer.RowGroups.Count;

    /// <summary>The footer so far.</summary>
    public ParquetFooter Footer => _footer;

    /// <summary>Appends a row group. It must be whole.</summary>
    public ValueTask AppendAsync(EncodedRowGroup group, CancellationToken cancellationToken) => AppendAsync(group, null, cancellationToken);

    /// <summary>Appends a row group, taking the columns that it lacks from one of another file with the same rows in the same order.</summary>
    /// <exception cref="LakehouseException">The columns cannot be copied (see <see cref="ParquetOutputSchema.CanCopyColumn"/>), or the file ends too early.</exception>
    public async ValueTask AppendAsync(EncodedRowGroup group, RowGroupSource? rest, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var copies = rest is { } source ? FindCopies(group, source) : [];
        if (Length == 0)
        {
            await _stream.WriteAsync("PAR1"u8.ToArray(), cancellationToken);
            Length = 4;
        }

        var made = new RowGroupMetadata { NumRows = group.Rows, FileOffset = Length, Ordinal = RowGroups <= short.MaxValue ? RowGroups : null };
        long start = Length;
        for (int leaf = 0; leaf < Schema.Root.Leaves.Count; leaf++)
        {
            if (group.Has(leaf))
            {
                made.Columns.Add(group.Metadata(leaf).MoveTo(Length));
                await group.WriteAsync(leaf, _stream, cancellationToken);
            }
            else if (copies.Count == 0)
            {
                throw new InvalidOperationException($"The row group lacks the column '{Schema.Root.Leaves[leaf].DottedPath}'.");
            }
            else
            {
                leaf = await CopyRunAsync(rest!.Value, group, copies, leaf, made, cancellationToken);
                continue;
            }

            Length += made.Columns[^1].TotalCompressedSize;
        }

        made.TotalCompressedSize = Length - start;
        made.TotalByteSize = made.Columns.Sum(column => column.TotalUncompressedSize);
        _footer.RowGroups.Add(made);
        _footer.NumRows += made.NumRows;
    }

    /// <summary>Appends a row group of another file as it is, some text columns being replaced by a constant. The schemas must match (<see cref="ParquetOutputSchema.CanCopyFrom"/>).</summary>
    public async ValueTask CopyRowGroupAsync(RowGroupSource source, IReadOnlyDictionary<string, string?> replace, CancellationToken cancellationToken)
    {
        using var encoder = new RowGroupEncoder(Schema, Options, source.Metadata.NumRows);
        encoder.AddConstants(replace);
        using var constants = encoder.Finish();
        await AppendAsync(constants, source, cancellationToken);
    }

    /// <summary>Sets or replaces a key/value of the footer.</summary>
    public void SetKeyValue(string key, ReadOnlyMemory<byte> value) => _footer.SetKeyValue(key, value);

    /// <inheritdoc cref="SetKeyValue(string, ReadOnlyMemory{byte})"/>
    public void SetKeyValue(string key, string value) => _footer.SetKeyValue(key, value);

    /// <summary>Writes the footer; the stream then holds a Parquet file. A file without row groups is one too.</summary>
    /// <returns>The file's length in bytes.</returns>
    public async ValueTask<long> CloseAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _closed = true;
        if (Length == 0)
        {
            await _stream.WriteAsync("PAR1"u8.ToArray(), cancellationToken);
            Length = 4;
        }

        var tail = _footer.ToTail();
        await _stream.WriteAsync(tail, cancellationToken);
        Length += tail.Length;
        return Length;
    }

    /// <summary>For each leaf that the group lacks, the chunk to copy.</summary>
    private Dictionary<int, ColumnChunkMetadata> FindCopies(EncodedRowGroup group, RowGroupSource source)
    {
        if (source.Metadata.NumRows != group.Rows)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A row group of {source.Metadata.NumRows} rows cannot complete one of {group.Rows}", path: source.Path);
        }

        var copies = new Dictionary<int, ColumnChunkMetadata>();
        foreach (var node in Schema.Root.Children.Where(node => !group.Has(node.FirstLeaf)))
        {
            if (!Schema.CanCopyColumn(source.Footer, node.Name))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Column '{node.Name}' has another type in the file to copy from", path: source.Path);
            }

            var found = source.Footer.Root.Children.Find(other => other.Name == node.Name)!;
            for (int i = 0; i < node.LeafCount; i++)
            {
                var chunk = source.Metadata.Columns[found.FirstLeaf + i];
                if (chunk.IsEncrypted)
                {
                    throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Column '{node.Name}' is encrypted", path: source.Path);
                }

                copies.Add(node.FirstLeaf + i, StatisticsTrust.Believed(chunk, source.Footer.CreatedBy));
            }
        }

        return copies;
    }

    /// <summary>Copies chunks that follow one another in both files with one stream of reads; returns the last leaf copied.</summary>
    private async ValueTask<int> CopyRunAsync(
        RowGroupSource source, EncodedRowGroup group, Dictionary<int, ColumnChunkMetadata> copies, int first, RowGroupMetadata made, CancellationToken cancellationToken)
    {
        long from = copies[first].Start;
        long end = from;
        int leaf = first;
        for (; leaf < Schema.Root.Leaves.Count && !group.Has(leaf) && copies[leaf].Start == end; leaf++)
        {
            made.Columns.Add(copies[leaf].MoveTo(Length + end - from));
            end += copies[leaf].TotalCompressedSize;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(CopyBuffer, Math.Max(1, end - from)));
        try
        {
            while (from < end)
            {
                int wanted = (int)Math.Min(buffer.Length, end - from);
                int read = await source.Store.ReadRangeAsync(source.Path, from, buffer.AsMemory(0, wanted), cancellationToken);
                if (read < wanted)
                {
                    throw new LakehouseException(LakehouseErrorKind.Corrupt, "The file became shorter while it was copied", path: source.Path);
                }

                await _stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                from += read;
                Length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return leaf - 1;
    }
}
