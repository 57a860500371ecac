using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// The header entry that says which rows of the base file a block's records replace: ascending row numbers, as a 64-bit Roaring bitmap in its portable form (a 32-bit bitmap
/// for each value of the upper half; RoaringFormatSpec), in Base64 (LogReaderUtils). The i-th record belongs to the i-th position.
/// </summary>
internal static class RecordPositions
{
    /// <summary>More rows than a block below 2 GiB can hold records for.</summary>
    private const long MostPositions = 1 << 28;

    /// <param name="header">The text.</param>
    /// <param name="most">As many records as there can be: a few bytes may stand for a run of millions.</param>
    /// <exception cref="LakehouseException">Corrupt: the text is no such bitmap.</exception>
    public static long[] Decode(string header, long most = MostPositions)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(header);
        }
        catch (FormatException e)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "The record positions are not Base64", inner: e);
        }

        var input = new RoaringInput(bytes);
        ulong maps = input.UInt64();
        var parts = new List<(ulong High, RoaringInput At)>();
        long total = 0;
        for (ulong i = 0; i < maps; i++)
        {
            ulong high = (ulong)input.UInt32() << 32;
            if (high > long.MaxValue || (parts.Count > 0 && high <= parts[^1].High))
            {
                throw RoaringInput.Bad("bitmaps out of order");
            }

            parts.Add((high, input));
            total += RoaringBitmap.Read(ref input, 0, []);
            if (total > most)
            {
                throw RoaringInput.Bad($"it has {total} positions or more, for {most} records at most");
            }
        }

        input.CheckEnd();
        var positions = new long[total];
        int at = 0;
        foreach (var (high, start) in parts)
        {
            var part = start;
            at += (int)RoaringBitmap.Read(ref part, high, positions.AsSpan(at));
        }

        return positions;
    }

    /// <param name="ascending">Row numbers, none twice.</param>
    public static string Encode(ReadOnlySpan<long> ascending)
    {
        for (int i = 0; i < ascending.Length; i++)
        {
            if (ascending[i] < 0 || (i > 0 && ascending[i] <= ascending[i - 1]))
            {
                throw new ArgumentException($"The positions are not ascending from 0 at {i}.", nameof(ascending));
            }
        }

        var output = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        output.Write(number);
        int maps = 0;
        for (int start = 0; start < ascending.Length; maps++)
        {
            uint high = (uint)(ascending[start] >> 32);
            int end = start + 1;
            for (; end < ascending.Length && (uint)(ascending[end] >> 32) == high; end++)
            {
            }

            BinaryPrimitives.WriteUInt32LittleEndian(number, high);
            output.Write(number[..sizeof(uint)]);
            RoaringBitmap.Write(output, ascending[start..end]);
            start = end;
        }

        var bytes = output.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, maps);
        return Convert.ToBase64String(bytes);
    }
}
