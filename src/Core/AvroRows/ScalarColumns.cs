using System.Runtime.CompilerServices;
using System.Text;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

internal readonly struct BooleanValue(BooleanBuilder builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => builder.Append(input.ReadBoolean());
}

/// <summary>Ints, dates and times of day in milliseconds.</summary>
internal readonly struct IntValue(FixedWidthBuilder<int> builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => builder.Append(input.ReadInt());
}

/// <summary>Longs, times of day in microseconds, timestamps.</summary>
internal readonly struct LongValue(FixedWidthBuilder<long> builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => builder.Append(input.ReadLong());
}

internal readonly struct FloatValue(FixedWidthBuilder<float> builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => builder.Append(input.ReadFloat());
}

internal readonly struct DoubleValue(FixedWidthBuilder<double> builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => builder.Append(input.ReadDouble());
}

/// <summary>Text and binary.</summary>
internal readonly struct BytesValue(BytesBuilder builder) : IAvroValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref AvroInput input) => input.ReadBytes(builder);
}

/// <summary>The text that an HFile's record leaves empty because its cell has it as key.</summary>
internal readonly struct KeyValue(BytesBuilder builder) : IAvroValue
{
    public void Read(ref AvroInput input)
    {
        var value = input.ReadBytes();
        builder.Append(value.IsEmpty ? input.Key : value);
    }
}

internal readonly struct FixedValue(FixedBytesBuilder builder) : IAvroValue
{
    public void Read(ref AvroInput input) => builder.Append(input.ReadFixed(builder.ByteWidth));
}

/// <summary>Enums as the text of their symbols.</summary>
internal readonly struct EnumValue(AvroType type, BytesBuilder builder) : IAvroValue
{
    private readonly byte[][] _symbols = [.. type.Symbols.Select(Encoding.UTF8.GetBytes)];

    public void Read(ref AvroInput input)
    {
        int symbol = input.ReadInt();
        builder.Append((uint)symbol < (uint)_symbols.Length ? _symbols[symbol] : throw AvroInput.Bad($"an enum of {_symbols.Length} symbols has the value {symbol}"));
    }
}

/// <summary>Decimals: big-endian two's complement of any length in Avro, 16 bytes little-endian in Arrow.</summary>
internal readonly struct DecimalValue(AvroType type, FixedBytesBuilder builder) : IAvroValue
{
    private readonly int _size = type.Size;

    public void Read(ref AvroInput input)
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
