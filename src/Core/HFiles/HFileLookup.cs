namespace OllaLab.Lakehouse.HFiles;

/// <summary>Look-ups in one HFile, from the root index down. The last data block is kept, so that look-ups near one another do not read it again.</summary>
internal sealed class HFileLookup(HFileSource source, HFileTrailer trailer, HFileIndex root, byte[] lastKey)
{
    /// <summary>Neighbouring blocks are read together up to so many bytes.</summary>
    private const int MostTogether = 1024 * 1024;

    private readonly HFileBuffer _data = new(source, trailer.Codec);
    private readonly HFileBuffer _indexes = new(source, trailer.Codec);

    public ValueTask FindAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, Action<int, ReadOnlyMemory<byte>> found, CancellationToken cancellationToken)
    {
        int count = keys.Count;
        while (lastKey.Length > 0 && count > 0 && keys[count - 1].Span.SequenceCompareTo(lastKey) > 0)
        {
            count--;
        }

        return root.Count == 0 ? default : FindAsync(root, trailer.IndexLevels, keys, 0, count, found, cancellationToken);
    }

    /// <summary>Where the first data block begins that may have a key or, behind it, greater ones.</summary>
    public async ValueTask<long> BlockOfAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var index = root;
        for (int level = trailer.IndexLevels; index.Count > 0; level--)
        {
            int entry = Math.Max(0, index.Floor(key.Span, 0));
            if (level <= 1)
            {
                return index.Offset(entry);
            }

            index = await LowerAsync(index, entry, cancellationToken).ConfigureAwait(false);
        }

        return trailer.LastDataBlock + 1;
    }

    private async ValueTask FindAsync(
        HFileIndex index, int level, IReadOnlyList<ReadOnlyMemory<byte>> keys, int from, int to, Action<int, ReadOnlyMemory<byte>> found, CancellationToken cancellationToken)
    {
        var parts = Split(index, keys, from, to);
        for (int i = 0; i < parts.Count; i++)
        {
            var (entry, first, end) = parts[i];
            if (level > 1)
            {
                await FindAsync(await LowerAsync(index, entry, cancellationToken).ConfigureAwait(false), level - 1, keys, first, end, found, cancellationToken).ConfigureAwait(false);
                continue;
            }

            long start = index.Offset(entry);
            long together = index.Size(entry);
            for (int next = i + 1; next < parts.Count && index.Offset(parts[next].Entry) == start + together && together + index.Size(parts[next].Entry) <= MostTogether; next++)
            {
                together += index.Size(parts[next].Entry);
            }

            var (block, _) = await _data.ReadAsync(start, HFileBlock.IsDataBlock, cancellationToken, (int)Math.Min(together, MostTogether)).ConfigureAwait(false);
            Find(block, keys, first, end, found);
        }
    }

    /// <summary>Which entries may have which keys. A key below the first entry is nowhere.</summary>
    private static List<(int Entry, int From, int To)> Split(HFileIndex index, IReadOnlyList<ReadOnlyMemory<byte>> keys, int from, int to)
    {
        var parts = new List<(int Entry, int From, int To)>();
        for (int i = from, entry = 0; i < to;)
        {
            entry = index.Floor(keys[i].Span, Math.Max(entry, 0));
            int first = i++;
            while (i < to && (entry + 1 == index.Count || index.Key(entry + 1).SequenceCompareTo(keys[i].Span) > 0))
            {
                i++;
            }

            if (entry >= 0)
            {
                parts.Add((entry, first, i));
            }
        }

        return parts;
    }

    private async ValueTask<HFileIndex> LowerAsync(HFileIndex index, int entry, CancellationToken cancellationToken) => HFileIndex.ParseLower(
        (await _indexes.ReadAsync(index.Offset(entry), HFileBlock.IsLowerIndex, cancellationToken, Math.Max(0, index.Size(entry))).ConfigureAwait(false)).Data.ToArray(), source.Path);

    private void Find(ReadOnlyMemory<byte> block, IReadOnlyList<ReadOnlyMemory<byte>> keys, int from, int to, Action<int, ReadOnlyMemory<byte>> found)
    {
        var cells = new HFileCells(block.Span, source.Path);
        while (from < to && cells.MoveNext())
        {
            int order;
            while (from < to && (order = cells.Key.SequenceCompareTo(keys[from].Span)) >= 0)
            {
                if (order == 0)
                {
                    found(from, block.Slice(cells.ValueStart, cells.Value.Length));
                }

                from++;
            }
        }
    }
}
