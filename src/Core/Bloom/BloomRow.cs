using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OllaLab.Lakehouse.Bloom;

/// <summary>One bit vector (org.apache.hudi.common.bloom.InternalBloomFilter): the whole of a SIMPLE filter, a row of a DYNAMIC_V0 one. Bit i is bit i % 8 of byte i / 8.</summary>
internal sealed class BloomRow
{
    /// <summary>Version, number of hashes, hash type, number of bits.</summary>
    public const int HeaderLength = 13;

    private const int MaxStackWords = 64;
    private readonly byte[] bits;
    private readonly ulong reciprocal;

    public BloomRow(int vectorSize, int hashes, byte[] bits)
    {
        VectorSize = vectorSize;
        Hashes = hashes;
        this.bits = bits;
        reciprocal = (ulong.MaxValue / (uint)vectorSize) + 1;
    }

    public int VectorSize { get; }

    public int Hashes { get; }

    public int SerializedLength => HeaderLength + bits.Length;

    public double FalsePositiveRate => Math.Pow(SetBits / (double)VectorSize, Hashes);

    private long SetBits
    {
        get
        {
            long count = 0;
            foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bits))
            {
                count += BitOperations.PopCount(word);
            }

            foreach (byte rest in bits.AsSpan(bits.Length & ~7))
            {
                count += BitOperations.PopCount(rest);
            }

            return count;
        }
    }

    public static BloomRow Empty(int vectorSize, int hashes) => new(vectorSize, hashes, new byte[(vectorSize + 7) / 8]);

    public void Add(ReadOnlySpan<byte> key)
    {
        int wordCount = key.Length >> 2;
        int[]? rented = null;
        Span<int> words = wordCount <= MaxStackWords ? stackalloc int[wordCount] : (rented = ArrayPool<int>.Shared.Rent(wordCount)).AsSpan(0, wordCount);
        int tail = MurmurChain.Prepare(key, words);
        int h = 0;
        for (int i = 0; i < Hashes; i++)
        {
            h = MurmurChain.Hash(h, key.Length, words, tail);
            Set(Index(h));
        }

        Return(rented);
    }

    public bool MightContain(ReadOnlySpan<byte> key)
    {
        int wordCount = key.Length >> 2;
        int[]? rented = null;
        Span<int> words = wordCount <= MaxStackWords ? stackalloc int[wordCount] : (rented = ArrayPool<int>.Shared.Rent(wordCount)).AsSpan(0, wordCount);
        int tail = MurmurChain.Prepare(key, words);
        int h = 0;
        bool all = true;
        for (int i = 0; all && i < Hashes; i++)
        {
            h = MurmurChain.Hash(h, key.Length, words, tail);
            uint index = Index(h);
            all = (bits[index >> 3] & (1 << (int)(index & 7))) != 0;
        }

        Return(rented);
        return all;
    }

    /// <summary>
    /// Adds sixteen keys of one length, lying in <paramref name="data"/> at <paramref name="offsets"/>. The chain of one key is a chain of dependent multiplications;
    /// sixteen chains side by side fill the vector unit.
    /// </summary>
    public void AddSixteen(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets, int length)
    {
        int wordCount = length >> 2;
        Span<int> words = stackalloc int[MaxStackWords * 16];
        Span<int> tails = stackalloc int[16];
        for (int key = 0; key < 16; key++)
        {
            var bytes = data.Slice(offsets[key], length);
            for (int i = 0; i < wordCount; i++)
            {
                words[(i << 4) + key] = MemoryMarshal.Read<int>(bytes[(i << 2)..]);
            }

            tails[key] = MurmurChain.Tail(bytes);
        }

        for (int i = 0; i < wordCount << 4; i += 8)
        {
            var k = Vector256.Create<int>(words.Slice(i, 8)) * MurmurChain.Multiplier;
            k ^= k >>> 24;
            (k * MurmurChain.Multiplier).CopyTo(words[i..]);
        }

        var tailA = Vector256.Create<int>(tails[..8]);
        var tailB = Vector256.Create<int>(tails[8..]);
        var lengths = Vector256.Create(length);
        var a = Vector256<int>.Zero;
        var b = Vector256<int>.Zero;
        ref int word = ref MemoryMarshal.GetReference(words);
        for (int hash = 0; hash < Hashes; hash++)
        {
            a ^= lengths;
            b ^= lengths;
            for (int i = 0; i < wordCount << 4; i += 16)
            {
                a = (a * MurmurChain.Multiplier) ^ Vector256.LoadUnsafe(ref word, (nuint)i);
                b = (b * MurmurChain.Multiplier) ^ Vector256.LoadUnsafe(ref word, (nuint)i + 8);
            }

            if ((length & 3) != 0)
            {
                a = (a ^ tailA) * MurmurChain.Multiplier;
                b = (b ^ tailB) * MurmurChain.Multiplier;
            }

            a = Finish(a);
            b = Finish(b);
            SetAll(Vector256.Abs(a).AsUInt32());
            SetAll(Vector256.Abs(b).AsUInt32());
        }
    }

    public static bool CanAddSixteen(int length) => Vector256.IsHardwareAccelerated && length >> 2 <= MaxStackWords;

    public bool HasSameShape(BloomRow other) => other.VectorSize == VectorSize && other.Hashes == Hashes;

    public void Or(BloomRow other)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] |= other.bits[i];
        }
    }

    public int Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, -1);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Hashes);
        destination[8] = 1;
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], VectorSize);
        bits.CopyTo(destination[HeaderLength..]);
        return SerializedLength;
    }

    private static void Return(int[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static Vector256<int> Finish(Vector256<int> h)
    {
        h ^= h >>> 13;
        h *= MurmurChain.Multiplier;
        return h ^ (h >>> 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetAll(Vector256<uint> hashes)
    {
        for (int lane = 0; lane < 8; lane++)
        {
            Set(Remainder(hashes.GetElement(lane)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(uint index) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bits), index >> 3) |= (byte)(1 << (int)(index & 7));

    // Java: Math.abs(h % vectorSize); the remainder takes the sign of h, so this is |h| % vectorSize, also for int.MinValue.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Index(int h) => Remainder(h < 0 ? (uint)-(long)h : (uint)h);

    // Lemire's remainder by a multiplication with the reciprocal: exact for 32-bit operands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Remainder(uint value) => (uint)Math.BigMul(reciprocal * value, (ulong)(uint)VectorSize, out _);
}
