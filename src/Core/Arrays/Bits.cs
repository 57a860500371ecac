using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Bitmaps in Arrow's order: bit i is in byte i / 8, the lowest bit first.</summary>
internal static unsafe class Bits
{
    public static bool Get(byte* bits, long index) => (bits[index >> 3] >> (int)(index & 7) & 1) != 0;

    public static bool Get(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] >> (index & 7) & 1) != 0;

    public static void Set(byte* bits, long index) => bits[index >> 3] |= (byte)(1 << (int)(index & 7));

    /// <summary>Copies bits into a target whose bits from there on are still zero.</summary>
    public static void Copy(byte* source, long from, byte* target, long to, int length)
    {
        if (length == 1)
        {
            target[to >> 3] |= (byte)((source[from >> 3] >> (int)(from & 7) & 1) << (int)(to & 7));
            return;
        }

        for (; length > 0 && (to & 7) != 0; length--, from++, to++)
        {
            target[to >> 3] |= (byte)((source[from >> 3] >> (int)(from & 7) & 1) << (int)(to & 7));
        }

        int shift = (int)(from & 7);
        byte* s = source + (from >> 3);
        byte* t = target + (to >> 3);
        if (shift == 0)
        {
            int bytes = length >> 3;
            new ReadOnlySpan<byte>(s, bytes).CopyTo(new Span<byte>(t, bytes));
            s += bytes;
            t += bytes;
        }
        else
        {
            for (int bytes = length >> 3; bytes > 0; bytes--, s++, t++)
            {
                *t = (byte)((s[0] >> shift) | (s[1] << (8 - shift)));
            }
        }

        length &= 7;
        for (int i = 0; i < length; i++)
        {
            *t |= (byte)((s[(shift + i) >> 3] >> ((shift + i) & 7) & 1) << i);
        }
    }

    /// <summary>Sets bits in a target.</summary>
    public static void Fill(byte* target, long to, int length)
    {
        for (; length > 0 && (to & 7) != 0; length--, to++)
        {
            Set(target, to);
        }

        int bytes = length >> 3;
        new Span<byte>(target + (to >> 3), bytes).Fill(0xff);
        for (to += (long)bytes << 3, length &= 7; length > 0; length--, to++)
        {
            Set(target, to);
        }
    }

    /// <summary>Up to 64 bits from a place on; those past the end of the bitmap are zero.</summary>
    public static ulong Word(ReadOnlySpan<byte> bits, long from)
    {
        int first = (int)(from >> 3);
        int shift = (int)(from & 7);
        Span<byte> nine = stackalloc byte[16];
        nine.Clear();
        bits.Slice(first, Math.Min(9, bits.Length - first)).CopyTo(nine);
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(nine);
        return shift == 0 ? low : (low >> shift) | ((ulong)nine[8] << (64 - shift));
    }
}
