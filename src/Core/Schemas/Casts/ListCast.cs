using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Lists of any layout to lists with 32-bit offsets, and their items.</summary>
internal static class ListCast
{
    public static ArrayCast? Create(NestedType from, ListType to, AvroType? avro, string column, CastRules rules)
    {
        var items = Cast.Create(from.Fields[0], to.ValueField, avro?.Items, $"{column}.{AvroToArrow.ElementName}", rules with { InElements = true });
        if (items is null && from is ListType)
        {
            return null;
        }

        return data =>
        {
            var child = items is null ? data.Children[0].Retain() : items(data.Children[0]);
            var offsets = from switch
            {
                LargeListType => Buffers.ToArrow(Narrow(data)),
                FixedSizeListType f => Buffers.ToArrow(Multiples(data.Length, f.ListSize)),
                _ => data.Buffers[1].Retain(),
            };
            return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), offsets], [child]);
        };
    }

    /// <summary>64-bit offsets as 32-bit ones: they count items of an array, whose length is an int.</summary>
    public static byte[] Narrow(ArrayData data)
    {
        var bytes = Buffers.Allocate((data.Length + 1L) * sizeof(int));
        var narrow = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        var wide = MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span);
        narrow[0] = 0;
        for (int i = 0; i <= data.Length && i < wide.Length; i++)
        {
            narrow[i] = wide[i] is >= 0 and <= int.MaxValue ? (int)wide[i] : throw Corrupt.Array(data, "offsets outside its values");
        }

        return bytes;
    }

    private static byte[] Multiples(int rows, int size)
    {
        var bytes = Buffers.Allocate((rows + 1L) * sizeof(int));
        var offsets = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (int i = 0; i <= rows; i++)
        {
            offsets[i] = checked(i * size);
        }

        return bytes;
    }
}
