using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>Damage: flips, wrong lengths, what is missing, what is there twice or comes from another file. A seed makes the same damage always.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<Sample> others)
{
    private static readonly long[] Numbers = [0, 1, -1, 2, 127, 128, 255, 256, 65_535, 1_000_000, int.MaxValue, int.MinValue, (long)int.MaxValue + 1, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];
    private static readonly string[] Words = ["null", "\"", "{", "}", "[", "]", ":", ",", "=", "\n", "\\", "-", "9999999999999999999", "1e999", "../", "file:///", "\0", "true", "{}", "[]", "\\u0000", "\\ud800", "NaN"];

    public byte[] Mutate(byte[] content)
    {
        var bytes = content.ToList();
        for (int n = random.Next(6) == 0 ? random.Next(1, 16) : random.Next(1, 4); n > 0; n--)
        {
            Once(bytes);
        }

        return [.. bytes];
    }

    private void Once(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Random(8));
            return;
        }

        int at = Place(bytes.Count);
        switch (random.Next(12))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 or 4:
                Overwrite(bytes, at, Number());
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                bytes.RemoveRange(at, Length(bytes.Count - at));
                break;
            case 7:
                bytes.InsertRange(Place(bytes.Count), bytes.GetRange(at, Length(bytes.Count - at)));
                break;
            case 8:
                Overwrite(bytes, at, Piece(bytes));
                break;
            case 9:
                bytes.InsertRange(at, Random(random.Next(1, 16)));
                break;
            case 10:
                var other = others[random.Next(others.Count)].Content;
                int start = other.Length == 0 ? 0 : random.Next(other.Length);
                var piece = other.AsSpan(start, Length(other.Length - start)).ToArray();
                if (random.Next(2) == 0)
                {
                    bytes.InsertRange(at, piece);
                }
                else
                {
                    Overwrite(bytes, at, piece);
                }

                break;
            default:
                var word = System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]);
                if (random.Next(2) == 0)
                {
                    bytes.InsertRange(at, word);
                }
                else
                {
                    Overwrite(bytes, at, word);
                }

                break;
        }
    }

    // Where formats keep their lengths: mostly in the first and the last bytes.
    private int Place(int length) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, 256)),
        1 => length - 1 - random.Next(Math.Min(length, 256)),
        _ => random.Next(length),
    };

    private int Length(int available) => available == 0 ? 0 : random.Next(3) == 0 ? random.Next(available) : random.Next(Math.Min(available, 64)) + 1;

    private byte[] Piece(List<byte> bytes)
    {
        int from = Place(bytes.Count);
        return [.. bytes.GetRange(from, Length(bytes.Count - from))];
    }

    private byte[] Number()
    {
        long value = Numbers[random.Next(Numbers.Length)];
        var bytes = new byte[random.Next(5) switch { 0 or 1 => 4, 2 or 3 => 8, _ => 10 }];
        if (bytes.Length == 10)
        {
            // Zigzag or plain, as Avro, Thrift and Protobuf have them.
            ulong rest = random.Next(2) == 0 ? (ulong)value : (ulong)((value << 1) ^ (value >> 63));
            int n = 0;
            for (; rest >= 0x80; rest >>= 7)
            {
                bytes[n++] = (byte)(rest | 0x80);
            }

            bytes[n++] = (byte)rest;
            return bytes[..n];
        }

        bool big = random.Next(2) == 0;
        if (bytes.Length == 4 && big)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, unchecked((int)value));
        }
        else if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, unchecked((int)value));
        }
        else if (big)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }

        return bytes;
    }

    private byte[] Random(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
