using System.Numerics;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Says of most keys that are not in a log that they are not, by one bit of their hash: the rows of a base file that have such keys need not be put aside.</summary>
internal sealed class KeyFilter
{
    private readonly ulong[] bits;
    private readonly ulong mask;

    /// <param name="memory">Bytes to use, at most.</param>
    public KeyFilter(long memory)
    {
        bits = new ulong[BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(memory / sizeof(ulong) / 2, 64, 1 << 21))];
        mask = (ulong)bits.Length - 1;
    }

    public void Add(ulong hash) => bits[(hash >> 6) & mask] |= 1UL << (int)(hash & 63);

    public bool MightContain(ulong hash) => (bits[(hash >> 6) & mask] & (1UL << (int)(hash & 63))) != 0;
}
