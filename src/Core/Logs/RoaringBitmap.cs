using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// One 32-bit Roaring bitmap (RoaringFormatSpec): a cookie, a description of each container (upper 16 bits of its values, their number less one), offsets, then the containers,
/// which are sorted arrays, 65,536 bits, or runs.
/// </summary>
internal static class RoaringBitmap
{
    private const uint CookieWithoutRuns = 12346;
    private const uint CookieWithRuns = 12347;

    /// <summary>With runs, offsets stand in the file from so many containers on.</summary>
    private const int OffsetsFrom = 4;

    /// <summary>A container with more values is bits unless it is runs.</summary>
    private const int LargestArray = 4096;

    /// <summary>Reads a bitmap; writes its values, upper half added, unless the target is empty. Returns their number.</summary>
    public static long Read(ref RoaringInput input, ulong high, Span<long> target)
    {
        uint cookie = input.UInt32();
        bool hasRuns = (cookie & 0xFFFF) == CookieWithRuns;
        int containers = hasRuns ? (int)(cookie >> 16) + 1 : cookie == CookieWithoutRuns ? (int)Math.Min(input.UInt32(), int.MaxValue) : throw RoaringInput.Bad($"unknown cookie {cookie}");
        if (containers > 1 << 16)
        {
            throw RoaringInput.Bad($"a bitmap of {containers} containers");
        }

        var runs = hasRuns ? input.Take((containers + 7) / 8) : [];
        var descriptions = MemoryMarshal.Cast<byte, ushort>(input.Take(containers * 4));
        if (!hasRuns || containers >= OffsetsFrom)
        {
            input.Take(containers * 4);
        }

        long total = 0;
        int before = -1;
        for (int i = 0; i < containers; i++)
        {
            int key = descriptions[2 * i];
            int count = descriptions[(2 * i) + 1] + 1;
            if (key <= before)
            {
                throw RoaringInput.Bad("containers out of order");
            }

            before = key;
            var kind = hasRuns && (runs[i >> 3] >> (i & 7) & 1) != 0 ? ContainerKind.Runs : count <= LargestArray ? ContainerKind.Array : ContainerKind.Bits;
            total += RoaringContainer.Read(ref input, kind, count, (long)(high | ((uint)key << 16)), target.IsEmpty ? [] : target[(int)total..]);
        }

        return total;
    }

    /// <param name="ascending">At least one value; all with the same upper half.</param>
    public static void Write(Stream output, ReadOnlySpan<long> ascending)
    {
        var containers = new List<(int Start, int Count, ContainerKind Kind, int Length)>();
        for (int start = 0; start < ascending.Length;)
        {
            int end = start + 1;
            for (; end < ascending.Length && ascending[end] >> 16 == ascending[start] >> 16; end++)
            {
            }

            var (kind, length) = RoaringContainer.Smallest(ascending[start..end]);
            containers.Add((start, end - start, kind, length));
            start = end;
        }

        bool hasRuns = containers.Exists(c => c.Kind == ContainerKind.Runs);
        UInt32(output, hasRuns ? CookieWithRuns | ((uint)(containers.Count - 1) << 16) : CookieWithoutRuns);
        int position = hasRuns ? 4 : 8;
        if (hasRuns)
        {
            var flags = new byte[(containers.Count + 7) / 8];
            for (int i = 0; i < containers.Count; i++)
            {
                flags[i >> 3] |= (byte)((containers[i].Kind == ContainerKind.Runs ? 1 : 0) << (i & 7));
            }

            output.Write(flags);
            position += flags.Length;
        }
        else
        {
            UInt32(output, (uint)containers.Count);
        }

        foreach (var (start, count, _, _) in containers)
        {
            UInt32(output, (ushort)(ascending[start] >> 16) | ((uint)(count - 1) << 16));
        }

        position += containers.Count * 4;
        if (!hasRuns || containers.Count >= OffsetsFrom)
        {
            position += containers.Count * 4;
            foreach (var container in containers)
            {
                UInt32(output, (uint)position);
                position += container.Length;
            }
        }

        foreach (var (start, count, kind, length) in containers)
        {
            RoaringContainer.Write(output, kind, length, ascending.Slice(start, count));
        }
    }

    private static void UInt32(Stream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }
}
