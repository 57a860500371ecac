using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Loops over the values of an array that are not null.</summary>
internal static class ValueMap
{
    /// <summary>From one fixed width to another. The function gives false where a value has no counterpart.</summary>
    public delegate bool Try<TFrom, TTo>(TFrom value, out TTo result);

    public static ArrayData Fixed<TFrom, TTo>(ArrayData data, IArrowType to, string column, CastRules rules, Try<TFrom, TTo> map)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var bytes = Buffers.AllocateZeroed((long)data.Length * Marshal.SizeOf<TTo>());
        var target = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        var source = MemoryMarshal.Cast<byte, TFrom>(data.Buffers[1].Span);
        bool nulls = data.GetNullCount() != 0;
        for (int row = 0; row < data.Length; row++)
        {
            if (!(nulls && ArrayValue.IsNull(data, row)) && !map(source[row], out target[row]))
            {
                throw rules.Value(column, row, $"has the value {source[row]}, which does not fit {ArrowTypes.Text(to)},");
            }
        }

        return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), Buffers.ToArrow(bytes)], []);
    }

    /// <summary>To text or binary, value by value.</summary>
    public static ArrayData Text(ArrayData data, IArrowType to, Func<ArrayData, int, byte[]> map)
    {
        var offsets = Buffers.Allocate((data.Length + 1L) * sizeof(int));
        var ends = MemoryMarshal.Cast<byte, int>(offsets.AsSpan());
        using var bytes = new MemoryStream();
        ends[0] = 0;
        for (int row = 0; row < data.Length; row++)
        {
            if (!ArrayValue.IsNull(data, row))
            {
                bytes.Write(map(data, row));
            }

            ends[row + 1] = checked((int)bytes.Length);
        }

        return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), Buffers.ToArrow(offsets), Buffers.ToArrow(bytes.ToArray())], []);
    }

    public static ArrayData Text(ArrayData data, IArrowType to, Func<ArrayData, int, string> map) => Text(data, to, (d, row) => Encoding.UTF8.GetBytes(map(d, row)));
}
