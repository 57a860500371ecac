using System.Runtime.CompilerServices;
using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// An HFile of version 3 (HBase's sorted file of keys and values, as Hudi writes it): scans of all cells or of those with a prefix, and look-ups. For one caller at a time; memory
/// is that of the indexes and a few blocks.
/// </summary>
internal sealed class HFile
{
    private readonly HFileSource _source;
    private readonly HFileIndex _meta;
    private readonly HFileLookup _lookup;
    private readonly HFileIndex _root;

    private HFile(HFileSource source, HFileTrailer trailer, HFileIndex root, HFileIndex meta, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> info)
    {
        _source = source;
        _root = root;
        _meta = meta;
        Trailer = trailer;
        Info = info;
        var last = info.TryGetValue(HFileInfo.LastKey, out var key) && key.Length > 0 ? HFileKey.Row(key.Span, source.Path) : default;
        _lookup = new HFileLookup(source, trailer, root, last.ToArray());
    }

    public HFileTrailer Trailer { get; }

    /// <summary>What the file says of itself, see <see cref="HFileInfo"/>.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Info { get; }

    /// <summary>Mostly one read of the file's end; two where its indexes are long.</summary>
    /// <exception cref="LakehouseException">Corrupt: no HFile, or cut off. Unsupported: another version or a codec other than gzip.</exception>
    public static async ValueTask<HFile> OpenAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken)
    {
        var (source, trailer) = await HFileSource.OpenAsync(store, path, length, cancellationToken).ConfigureAwait(false);
        var buffer = new HFileBuffer(source, trailer.Codec);
        var (rootBlock, after) = await buffer.ReadAsync(trailer.LoadOnOpen, HFileBlock.IsRootIndex, cancellationToken).ConfigureAwait(false);
        var root = HFileIndex.ParseRoot(rootBlock.ToArray(), trailer.IndexCount, hasRows: true, path);
        var (metaBlock, _) = await buffer.ReadAsync(after, HFileBlock.IsRootIndex, cancellationToken).ConfigureAwait(false);
        var meta = HFileIndex.ParseRoot(metaBlock.ToArray(), trailer.MetaIndexCount, hasRows: false, path);
        var (info, _) = await buffer.ReadAsync(trailer.FileInfo, HFileBlock.IsFileInfo, cancellationToken).ConfigureAwait(false);
        return new HFile(source, trailer, root, meta, HFileInfo.Parse(info.Span, path));
    }

    /// <summary>The data blocks uncompressed, in key order; each is valid until the next is asked for. Read one with <see cref="HFileCells"/>.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadDataBlocksAsync(CancellationToken cancellationToken) => ReadFromAsync(Trailer.FirstDataBlock, cancellationToken);

    /// <summary>The cells whose keys begin with a prefix, some at a time, like <see cref="ReadDataBlocksAsync"/>.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPrefixAsync(ReadOnlyMemory<byte> prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long start = await _lookup.BlockOfAsync(prefix, cancellationToken).ConfigureAwait(false);
        await foreach (var block in ReadFromAsync(start, cancellationToken).ConfigureAwait(false))
        {
            var (from, to) = HFileCells.Range(block.Span, prefix.Span, _source.Path);
            if (from < to)
            {
                yield return block[from..to];
            }

            if (to < block.Length)
            {
                yield break;
            }
        }
    }

    /// <summary>The value of a key, valid until the next look-up; null where there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? result = null;
        await FindAsync([key], (_, value) => result = value, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Looks up many keys in one pass: each block that may have one of them is read once, neighbours together.</summary>
    /// <param name="keys">Ascending by their bytes.</param>
    /// <param name="found">Is given the position of each key that is there and its value, which is valid during the call.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask FindAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, Action<int, ReadOnlyMemory<byte>> found, CancellationToken cancellationToken)
    {
        for (int i = 1; i < keys.Count; i++)
        {
            if (keys[i - 1].Span.SequenceCompareTo(keys[i].Span) > 0)
            {
                throw new ArgumentException("The keys do not ascend.", nameof(keys));
            }
        }

        return _lookup.FindAsync(keys, found, cancellationToken);
    }

    /// <summary>A meta block by its name (Hudi's bloom filter); null where there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadMetaAsync(string name, CancellationToken cancellationToken)
    {
        var key = Encoding.UTF8.GetBytes(name);
        int entry = _meta.Floor(key, 0);
        if (entry < 0 || !_meta.Key(entry).SequenceEqual(key))
        {
            return null;
        }

        return (await new HFileBuffer(_source, Trailer.Codec).ReadAsync(_meta.Offset(entry), HFileBlock.IsMeta, cancellationToken).ConfigureAwait(false)).Data;
    }

    internal static LakehouseException Damaged(string path, string problem, Exception? inner = null) =>
        new(LakehouseErrorKind.Corrupt, $"Damaged HFile: {problem}", path: path, inner: inner);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadFromAsync(long start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new HFileBuffer(_source, Trailer.Codec);
        for (long at = start; Trailer.EntryCount > 0 && at <= Trailer.LastDataBlock;)
        {
            // Blocks of multi-level indexes and of bloom filters may stand in between.
            var (block, end) = await buffer.ReadAsync(at, null, cancellationToken).ConfigureAwait(false);
            if (buffer.IsData)
            {
                yield return block;
            }

            at = end;
        }
    }
}
