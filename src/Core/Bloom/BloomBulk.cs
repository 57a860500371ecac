namespace OllaLab.Lakehouse.Bloom;

/// <summary>Adds many keys to one row of bits: sixteen at a time where sixteen neighbours are of one length, which keys of one table mostly are.</summary>
internal static class BloomBulk
{
    public static void Add(BloomRow row, ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets) => Add(row, data, offsets, 0, 1, offsets.Length - 1);

    /// <summary>Adds <paramref name="count"/> keys: the first, and each that lies <paramref name="stride"/> keys further on.</summary>
    public static void Add(BloomRow row, ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets, int first, int stride, int count)
    {
        Span<int> starts = stackalloc int[16];
        int i = 0;
        while (i < count)
        {
            int key = first + (i * stride);
            int length = offsets[key + 1] - offsets[key];
            RefuseEmpty(length);
            if (i + 16 <= count && BloomRow.CanAddSixteen(length) && AreOfOneLength(offsets, key, stride, length, starts))
            {
                row.AddSixteen(data, starts, length);
                i += 16;
            }
            else
            {
                row.Add(data.Slice(offsets[key], length));
                i++;
            }
        }
    }

    private static bool AreOfOneLength(ReadOnlySpan<int> offsets, int key, int stride, int length, Span<int> starts)
    {
        for (int i = 0; i < starts.Length; i++, key += stride)
        {
            starts[i] = offsets[key];
            if (offsets[key + 1] - starts[i] != length)
            {
                return false;
            }
        }

        return true;
    }

    private static void RefuseEmpty(int length)
    {
        if (length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "An empty record key cannot enter a bloom filter");
        }
    }
}
