using System.Buffers.Binary;
using System.Numerics;

namespace OllaLab.Lakehouse.Logs;

internal enum ContainerKind
{
    Array,
    Bits,
    Runs,
}

/// <summary>The values of a Roaring bitmap that share their upper bits.</summary>
internal static class RoaringContainer
{
    private const int BitsLength = 8192;
    private const int LargestArray = 4096;

    /// <summary>Reads a container's values, which must be ascending and as many as said; writes them to the target unless that is empty.</summary>
    public static int Read(ref RoaringInput input, ContainerKind kind, int count, long upper, Span<long> target)
    {
        int found = kind switch
        {
            ContainerKind.Array => ReadArray(ref input, count, upper, target),
            ContainerKind.Bits => ReadBits(ref input, upper, target),
            _ => ReadRuns(ref input, upper, target),
        };
        return found == count ? found : throw RoaringInput.Bad($"a container of {count} values has {found}");
    }

    /// <summary>The form in which Java's runOptimize leaves a container, and its length.</summary>
    public static (ContainerKind Kind, int Length) Smallest(ReadOnlySpan<long> values)
    {
        int runs = 1;
        for (int i = 1; i < values.Length; i++)
        {
            runs += values[i] != values[i - 1] + 1 ? 1 : 0;
        }

        var (kind, length) = values.Length <= LargestArray ? (ContainerKind.Array, values.Length * 2) : (ContainerKind.Bits, BitsLength);
        return length > 2 + (runs * 4) ? (ContainerKind.Runs, 2 + (runs * 4)) : (kind, length);
    }

    public static void Write(Stream output, ContainerKind kind, int length, ReadOnlySpan<long> values)
    {
        var bytes = new byte[length];
        switch (kind)
        {
            case ContainerKind.Array:
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 2), (ushort)values[i]);
                }

                break;
            case ContainerKind.Bits:
                foreach (long value in values)
                {
                    bytes[(ushort)value >> 3] |= (byte)(1 << ((int)value & 7));
                }

                break;
            default:
                WriteRuns(bytes, values);
                break;
        }

        output.Write(bytes);
    }

    private static void WriteRuns(Span<byte> bytes, ReadOnlySpan<long> values)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)((bytes.Length - 2) / 4));
        int at = 2;
        for (int start = 0; start < values.Length; at += 4)
        {
            int end = start + 1;
            for (; end < values.Length && values[end] == values[end - 1] + 1; end++)
            {
            }

            BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)values[start]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(at + 2)..], (ushort)(end - start - 1));
            start = end;
        }
    }

    private static int ReadArray(ref RoaringInput input, int count, long upper, Span<long> target)
    {
        var bytes = input.Take(count * 2);
        int before = -1;
        for (int i = 0; i < count; i++)
        {
            int value = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]);
            if (value <= before)
            {
                throw RoaringInput.Bad("values out of order");
            }

            before = value;
            if (!target.IsEmpty)
            {
                target[i] = upper | (uint)value;
            }
        }

        return count;
    }

    private static int ReadBits(ref RoaringInput input, long upper, Span<long> target)
    {
        var bytes = input.Take(BitsLength);
        int found = 0;
        for (int word = 0; word < BitsLength / 8; word++)
        {
            ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(word * 8)..]);
            if (target.IsEmpty)
            {
                found += BitOperations.PopCount(bits);
                continue;
            }

            for (; bits != 0; bits &= bits - 1)
            {
                target[found++] = upper | (uint)((word * 64) + BitOperations.TrailingZeroCount(bits));
            }
        }

        return found;
    }

    private static int ReadRuns(ref RoaringInput input, long upper, Span<long> target)
    {
        int found = 0;
        int before = -1;
        for (int runs = input.UInt16(); runs > 0; runs--)
        {
            int start = input.UInt16();
            int length = input.UInt16() + 1;
            if (start <= before || start + length > 1 << 16)
            {
                throw RoaringInput.Bad("runs out of order");
            }

            before = start + length - 1;
            for (int i = 0; i < length && !target.IsEmpty; i++)
            {
                target[found + i] = upper | (uint)(start + i);
            }

            found += length;
        }

        return found;
    }
}
