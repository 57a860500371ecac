using System.Buffers.Binary;
using System.Text;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Reads Avro's binary encoding; every length is checked against what remains.</summary>
internal ref struct AvroReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;
    private long items;

    public readonly int Remaining => bytes.Length - at;

    public long Long()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length)
            {
                throw Truncated();
            }

            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new LakehouseException(LakehouseErrorKind.Corrupt, "a number of an Avro file does not end");
    }

    public bool Boolean() => Take(1)[0] != 0;

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public ReadOnlySpan<byte> Bytes() => Take(Long());

    public string String() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Truncated();
        }

        var taken = bytes.Slice(at, (int)count);
        at += (int)count;
        return taken;
    }

    /// <summary>Items of the next block of an array or map, 0 at its end; a negative count is followed by the block's size in bytes.</summary>
    public long BlockCount()
    {
        var count = Long();
        if (count < 0)
        {
            count = -count;
            Long();
        }

        // An item takes a byte at least (none of Hudi's collections hold nulls or empty records), so a count past the rest is a lie, and so are more items in all than there are bytes.
        return count >= 0 && count <= Remaining && (items += count) <= bytes.Length ? count : throw Truncated();
    }

    private static LakehouseException Truncated() => new(LakehouseErrorKind.Corrupt, "an Avro file ends too early or holds a wrong length");
}
