using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// A set of record keys, numbered in order of first appearance: an open-addressing table of 8-byte slots (32 bits of the key's hash, the key's number) beside the columns that hold the keys.
/// About 20 bytes a key. Keeps the columns that it was given: they must not be disposed before it. Once filled it may be asked by several threads.
/// </summary>
internal sealed class KeyMap
{
    // Rows whose slots are fetched together: one alone would wait for memory.
    private const int Ahead = 64;
    private readonly List<StringArray> columns = [];
    private ulong[] slots;
    private long[] places;
    private uint mask;

    /// <param name="capacity">Keys expected; it grows past them.</param>
    public KeyMap(int capacity = 0)
    {
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity + (capacity / 3)))];
        mask = (uint)slots.Length - 1;
        places = new long[Math.Max(16, capacity)];
    }

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the table itself, without the columns.</summary>
    public long MemoryBytes => (slots.LongLength + places.LongLength) * sizeof(ulong);

    /// <summary>Makes room for more keys at once, where it is known that they come.</summary>
    public void Reserve(int more)
    {
        int wanted = checked(Count + more);
        if (wanted > places.Length)
        {
            System.Array.Resize(ref places, wanted);
        }

        int size = (int)BitOperations.RoundUpToPowerOf2((uint)checked(wanted + (wanted / 3)));
        if (size > slots.Length)
        {
            Grow(size);
        }
    }

    /// <summary>The key of a number, valid as long as its column.</summary>
    public ReadOnlySpan<byte> this[int key] => columns[(int)(places[key] >> 32)].GetBytes((int)places[key]);

    /// <summary>Adds a column without nulls. Fills <paramref name="keys"/> with each row's key number: one below the former <see cref="Count"/>, or of an earlier row, is a duplicate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddAll(StringArray column, Span<int> keys)
    {
        long place = (long)columns.Count << 32;
        columns.Add(column);
        var values = new Utf8Values(column);
        Span<uint> hashes = stackalloc uint[Ahead];
        for (int first = 0; first < values.Length; first += Ahead)
        {
            int count = Math.Min(Ahead, values.Length - first);
            Prepare(values, first, hashes[..count]);
            for (int i = 0; i < count; i++)
            {
                uint slot = Find(values[first + i], hashes[i], out int found);
                keys[first + i] = found < 0 ? Add(slot, hashes[i], place | (uint)(first + i)) : found;
            }
        }
    }

    /// <summary>Fills <paramref name="keys"/> with the number of each row's key, -1 where it is not in the set or null; how many are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindAll(StringArray column, Span<int> keys)
    {
        var values = new Utf8Values(column);
        bool hasNulls = column.NullCount != 0;
        int total = 0;
        Span<uint> hashes = stackalloc uint[Ahead];
        for (int first = 0; first < values.Length; first += Ahead)
        {
            int count = Math.Min(Ahead, values.Length - first);
            Prepare(values, first, hashes[..count]);
            for (int i = 0; i < count; i++)
            {
                int found = -1;
                if (!hasNulls || !column.IsNull(first + i))
                {
                    Find(values[first + i], hashes[i], out found);
                }

                keys[first + i] = found;
                total += found >= 0 ? 1 : 0;
            }
        }

        return total;
    }

    // Hashes some keys and has their slots on their way to the processor before the first of them is looked up.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Prepare(Utf8Values values, int first, Span<uint> hashes)
    {
        ref ulong table = ref MemoryMarshal.GetArrayDataReference(slots);
        for (int i = 0; i < hashes.Length; i++)
        {
            uint hash = Hash(values[first + i]);
            hashes[i] = hash;
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref table, hash & mask)));
            }
        }
    }

    // Keys differ in few places, often counters and times: each 8 bytes are multiplied in, and the product folded at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)key.Length;
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..])
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ MemoryMarshal.Read<ulong>(key)) * multiplier;
        }

        if (key.Length >= sizeof(uint))
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ MemoryMarshal.Read<uint>(key)) * multiplier;
            key = key[sizeof(uint)..];
        }

        foreach (byte rest in key)
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ rest) * multiplier;
        }

        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        return (uint)(hash >> 32);
    }

    // The slot of the key, or the free one where it belongs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Find(ReadOnlySpan<byte> key, uint hash, out int found)
    {
        var table = slots;
        for (uint slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong entry = table[slot];
            if (entry == 0)
            {
                found = -1;
                return slot;
            }

            if ((uint)(entry >> 32) == hash && this[(int)(uint)entry - 1].SequenceEqual(key))
            {
                found = (int)(uint)entry - 1;
                return slot;
            }
        }
    }

    private int Add(uint slot, uint hash, long place)
    {
        if (Count == places.Length)
        {
            System.Array.Resize(ref places, checked(Count * 2));
        }

        places[Count] = place;
        slots[slot] = ((ulong)hash << 32) | (uint)(Count + 1);
        Count++;
        if (Count > slots.Length / 4 * 3)
        {
            Grow(checked(slots.Length * 2));
        }

        return Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow(int size)
    {
        ulong[] old = slots;
        slots = new ulong[size];
        mask = (uint)slots.Length - 1;
        foreach (ulong entry in old)
        {
            if (entry != 0)
            {
                uint slot = (uint)(entry >> 32) & mask;
                while (slots[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                slots[slot] = entry;
            }
        }
    }
}
