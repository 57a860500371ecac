using System.Text;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

internal sealed class BooleanColumn(AvroType type, BooleanBuilder builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadBoolean());
}

/// <summary>Ints, dates and times of day in milliseconds.</summary>
internal sealed class IntColumn(AvroType type, FixedWidthBuilder<int> builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadInt());
}

/// <summary>Longs, times of day in microseconds, timestamps.</summary>
internal sealed class LongColumn(AvroType type, FixedWidthBuilder<long> builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadLong());
}

internal sealed class FloatColumn(AvroType type, FixedWidthBuilder<float> builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadFloat());
}

internal sealed class DoubleColumn(AvroType type, FixedWidthBuilder<double> builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadDouble());
}

/// <summary>Text and binary.</summary>
internal sealed class BytesColumn(AvroType type, BytesBuilder builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadBytes());
}

/// <summary>The text that an HFile's record leaves empty because its cell has it as key.</summary>
internal sealed class KeyColumn(AvroType type, BytesBuilder builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input)
    {
        var value = input.ReadBytes();
        builder.Append(value.IsEmpty ? input.Key : value);
    }
}

internal sealed class FixedColumn(AvroType type, FixedBytesBuilder builder) : AvroColumn(type, builder)
{
    protected override void ReadValue(ref AvroInput input) => builder.Append(input.ReadFixed(builder.ByteWidth));
}

/// <summary>Enums as the text of their symbols.</summary>
internal sealed class EnumColumn(AvroType type, BytesBuilder builder) : AvroColumn(type, builder)
{
    private readonly byte[][] _symbols = [.. type.Symbols.Select(Encoding.UTF8.GetBytes)];

    protected override void ReadValue(ref AvroInput input)
    {
        int symbol = input.ReadInt();
        builder.Append((uint)symbol < (uint)_symbols.Length ? _symbols[symbol] : throw AvroInput.Bad($"an enum of {_symbols.Length} symbols has the value {symbol}"));
    }
}

/// <summary>Decimals: big-endian two's complement of any length in Avro, 16 bytes little-endian in Arrow.</summary>
internal sealed class DecimalColumn(AvroType type, FixedBytesBuilder builder) : AvroColumn(type, builder)
{
    private readonly int _size = type.Size;

    protected override void ReadValue(ref AvroInput input)
    {
        var source = _size > 0 ? input.ReadFixed(_size) : input.ReadBytes();
        Span<byte> value = stackalloc byte[16];
        value.Fill(source.Length > 0 && source[0] >= 0x80 ? (byte)0xFF : (byte)0);
        for (int i = 0; i < source.Length; i++)
        {
            byte digit = source[^(i + 1)];
            if (i < value.Length)
            {
                value[i] = digit;
            }
            else if (digit != (value[^1] >= 0x80 ? 0xFF : 0))
            {
                throw AvroInput.Bad($"a decimal has {source.Length} bytes, more than 38 digits need");
            }
        }

        builder.Append(value);
    }
}
