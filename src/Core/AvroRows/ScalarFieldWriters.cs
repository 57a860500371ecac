using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

internal sealed class BooleanWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteByte(Bits.Get(Data.Buffers[1].Span, Data.Offset + row) ? (byte)1 : (byte)0);
}

/// <summary>Ints, dates and times of day in milliseconds.</summary>
internal sealed class IntWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteLong(ArrayValue.Fixed<int>(Data, row));
}

/// <summary>Longs, times of day in microseconds, timestamps.</summary>
internal sealed class LongWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteLong(ArrayValue.Fixed<long>(Data, row));
}

internal sealed class FloatWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteFloat(ArrayValue.Fixed<float>(Data, row));
}

internal sealed class DoubleWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteDouble(ArrayValue.Fixed<double>(Data, row));
}

/// <summary>Text and binary.</summary>
internal sealed class BytesWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    protected override void WriteValue(AvroOutput output, int row) => output.WriteBytes(ArrayValue.Bytes(Data, row));
}

internal sealed class FixedWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private readonly int _size = type.Size;

    protected override void WriteValue(AvroOutput output, int row) => output.WriteFixed(ArrayValue.FixedBytes(Data, row, _size));
}

/// <summary>Enums from the text of their symbols.</summary>
internal sealed class EnumWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private readonly byte[][] _symbols = [.. type.Symbols.Select(Encoding.UTF8.GetBytes)];

    protected override void WriteValue(AvroOutput output, int row)
    {
        var text = ArrayValue.Bytes(Data, row);
        int symbol = 0;
        while (!text.SequenceEqual(_symbols[symbol]))
        {
            if (++symbol == _symbols.Length)
            {
                throw Bad(row, "a value that is none of the enum's symbols");
            }
        }

        output.WriteLong(symbol);
    }
}

/// <summary>Decimals: 16 bytes little-endian in Arrow; big-endian two's complement in Avro, as short as it can be or as long as the fixed type is.</summary>
internal sealed class DecimalWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private const int Width = 16;
    private readonly int _size = type.Size;

    /// <summary>The number of bytes that a two's complement needs.</summary>
    public static int Needed(ReadOnlySpan<byte> littleEndian)
    {
        byte sign = littleEndian[^1] >= 0x80 ? (byte)0xFF : (byte)0;
        int needed = littleEndian.Length;
        while (needed > 1 && littleEndian[needed - 1] == sign && (littleEndian[needed - 2] ^ sign) < 0x80)
        {
            needed--;
        }

        return needed;
    }

    protected override void WriteValue(AvroOutput output, int row)
    {
        var value = ArrayValue.FixedBytes(Data, row, Width);
        int needed = Needed(value);
        if (_size == 0)
        {
            output.WriteLong(needed);
        }
        else if (needed > _size)
        {
            throw Bad(row, $"a decimal that does not fit into {_size} bytes");
        }

        var target = output.Reserve(_size == 0 ? needed : _size);
        byte sign = value[^1] >= 0x80 ? (byte)0xFF : (byte)0;
        for (int i = 0; i < target.Length; i++)
        {
            target[^(i + 1)] = i < Width ? value[i] : sign;
        }
    }
}
