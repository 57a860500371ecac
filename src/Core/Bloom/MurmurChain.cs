using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Bloom;

/// <summary>
/// Hadoop's 32-bit MurmurHash2 (org.apache.hadoop.util.hash.MurmurHash), which a filter applies in a chain: each hash is the seed of the next over the same bytes.
/// All that the bytes contribute is independent of the seed, so it is computed once per key: the mixed 4-byte words and the tail.
/// The Java port reads the tail's bytes as signed and from the end of the key, unlike the C original.
/// </summary>
internal static class MurmurChain
{
    public const int Multiplier = 0x5bd1e995;

    /// <summary>Mixes a key's whole 4-byte words into <paramref name="words"/> (Length / 4 of them) and returns what its last bytes contribute.</summary>
    public static int Prepare(ReadOnlySpan<byte> key, Span<int> words)
    {
        int count = key.Length >> 2;
        for (int i = 0; i < count; i++)
        {
            int k = MemoryMarshal.Read<int>(key[(i << 2)..]);
            k *= Multiplier;
            k ^= k >>> 24;
            words[i] = k * Multiplier;
        }

        return Tail(key);
    }

    public static int Tail(ReadOnlySpan<byte> key) => (key.Length & 3) switch
    {
        0 => 0,
        1 => (sbyte)key[^1],
        2 => ((sbyte)key[^2] << 8) ^ (sbyte)key[^1],
        _ => ((sbyte)key[^3] << 16) ^ ((sbyte)key[^2] << 8) ^ (sbyte)key[^1],
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hash(int seed, int length, ReadOnlySpan<int> words, int tail)
    {
        int h = seed ^ length;
        foreach (int k in words)
        {
            h = (h * Multiplier) ^ k;
        }

        if ((length & 3) != 0)
        {
            h = (h ^ tail) * Multiplier;
        }

        h ^= h >>> 13;
        h *= Multiplier;
        return h ^ (h >>> 15);
    }
}
