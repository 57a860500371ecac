using System.IO.Hashing;
using System.Numerics;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// A set of record keys, numbered in order of first appearance: an open-addressing table of 8-byte slots (32 bits of the key's hash, the key's number) beside the columns that hold the keys.
/// About 20 bytes a key. Keeps the columns that it was given: they must not be disposed before it. Once filled it may be asked by several threads.
/// </summary>
internal sealed class KeyMap
{
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

    /// <summary>The key of a number, valid as long as its column.</summary>
    public ReadOnlySpan<byte> this[int key] => columns[(int)(places[key] >> 32)].GetBytes((int)places[key]);

    /// <summary>Adds a column without nulls. Fills <paramref name="keys"/> with each row's key number: one below the former <see cref="Count"/>, or of an earlier row, is a duplicate.</summary>
    public void AddAll(StringArray column, Span<int> keys)
    {
        long place = (long)columns.Count << 32;
        columns.Add(column);
        var data = column.ValueBuffer.Span;
        var offsets = column.ValueOffsets;
        for (int row = 0; row < column.Length; row++)
        {
            var key = data[offsets[row]..offsets[row + 1]];
            uint hash = Hash(key);
            uint slot = Find(key, hash, out int found);
            if (found < 0)
            {
                found = Add(slot, hash, place | (uint)row);
            }

            keys[row] = found;
        }
    }

    /// <summary>The number of a key, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        Find(key, Hash(key), out int found);
        return found;
    }

    /// <summary>Fills <paramref name="keys"/> with the number of each row's key, -1 where it is not in the set or null; how many are.</summary>
    public int FindAll(StringArray column, Span<int> keys)
    {
        var data = column.ValueBuffer.Span;
        var offsets = column.ValueOffsets;
        bool hasNulls = column.NullCount != 0;
        int count = 0;
        for (int row = 0; row < column.Length; row++)
        {
            if (hasNulls && column.IsNull(row))
            {
                keys[row] = -1;
                continue;
            }

            var key = data[offsets[row]..offsets[row + 1]];
            Find(key, Hash(key), out int found);
            keys[row] = found;
            count += found >= 0 ? 1 : 0;
        }

        return count;
    }

    private static uint Hash(ReadOnlySpan<byte> key) => (uint)XxHash3.HashToUInt64(key);

    // The slot of the key, or the free one where it belongs.
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
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        ulong[] old = slots;
        slots = new ulong[checked(old.Length * 2)];
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
