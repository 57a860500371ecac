using System.Text;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Writes Avro's binary encoding into a growing array (Avro spec: "Binary Encoding").</summary>
internal sealed class AvroBuffer(int capacity = 1024)
{
    private byte[] bytes = new byte[capacity];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    /// <summary>int and long: zigzag, 7 bits a byte.</summary>
    public void Long(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = Reserve(10);
        int n = 0;
        while (rest >= 0x80)
        {
            span[n++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[n++] = (byte)rest;
        length += n;
    }

    public void Boolean(bool value)
    {
        Reserve(1)[0] = value ? (byte)1 : (byte)0;
        length++;
    }

    public void String(string value)
    {
        Long(Encoding.UTF8.GetByteCount(value));
        length += Encoding.UTF8.GetBytes(value, Reserve(value.Length * 3));
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        length += value.Length;
    }

    /// <summary>A union [null, T] that holds null.</summary>
    public void Null() => Long(0);

    /// <summary>A union [null, string].</summary>
    public void Optional(string? value)
    {
        Long(value is null ? 0 : 1);
        if (value is not null)
        {
            String(value);
        }
    }

    /// <summary>A union [null, long].</summary>
    public void Optional(long? value)
    {
        Long(value is null ? 0 : 1);
        if (value is { } present)
        {
            Long(present);
        }
    }

    /// <summary>The items of an array or map: one block and the end mark; the end mark alone when there are none.</summary>
    public void Block<T>(IReadOnlyCollection<T> items, Action<AvroBuffer, T> write)
    {
        if (items.Count > 0)
        {
            Long(items.Count);
            foreach (var item in items)
            {
                write(this, item);
            }
        }

        Long(0);
    }

    private Span<byte> Reserve(int count)
    {
        if (bytes.Length - length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        }

        return bytes.AsSpan(length);
    }
}
