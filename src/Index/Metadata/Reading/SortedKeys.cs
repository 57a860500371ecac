using System.Buffers.Binary;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Brings keys in the order of their bytes: by eight bytes of each, taken where they begin to differ, as numbers, and only those that are equal there as a whole.</summary>
internal static class SortedKeys
{
    public static void Sort(KeyMap keys, int[] numbers)
    {
        if (numbers.Length < 2)
        {
            return;
        }

        int common = keys[numbers[0]].Length;
        foreach (int number in numbers)
        {
            common = Math.Min(common, keys[number].CommonPrefixLength(keys[numbers[0]]));
        }

        var parts = new ulong[numbers.Length];
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < parts.Length; i++)
        {
            var rest = keys[numbers[i]][common..];
            if (rest.Length >= sizeof(ulong))
            {
                parts[i] = BinaryPrimitives.ReadUInt64BigEndian(rest);
                continue;
            }

            // Shorter ones come first or are equal, and then compared as a whole.
            padded.Clear();
            rest.CopyTo(padded);
            parts[i] = BinaryPrimitives.ReadUInt64BigEndian(padded);
        }

        System.Array.Sort(parts, numbers);
        for (int first = 0; first < parts.Length;)
        {
            int end = first + 1;
            while (end < parts.Length && parts[end] == parts[first])
            {
                end++;
            }

            if (end - first > 1)
            {
                numbers.AsSpan(first, end - first).Sort((a, b) => keys[a].SequenceCompareTo(keys[b]));
            }

            first = end;
        }
    }
}
