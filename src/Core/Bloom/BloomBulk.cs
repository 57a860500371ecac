namespace OllaLab.Lakehouse.Bloom;

/// <summary>Adds many keys to one row of bits: sixteen at a time where sixteen neighbours are of one length, which keys of one table mostly are.</summary>
internal static class BloomBulk
{
    public static void Add(BloomRow row, ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets)
    {
        int keys = offsets.Length - 1;
        int i = 0;
        while (i < keys)
        {
            int length = offsets[i + 1] - offsets[i];
            if (i + 16 <= keys && BloomRow.CanAddSixteen(length) && AreOfOneLength(offsets.Slice(i, 17), length))
            {
                RefuseEmpty(length);
                row.AddSixteen(data, offsets.Slice(i, 16), length);
                i += 16;
            }
            else
            {
                RefuseEmpty(length);
                row.Add(data.Slice(offsets[i], length));
                i++;
            }
        }
    }

    private static bool AreOfOneLength(ReadOnlySpan<int> offsets, int length)
    {
        for (int i = 0; i < 16; i++)
        {
            if (offsets[i + 1] - offsets[i] != length)
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
