using System.IO.Hashing;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>A 64-bit hash that is equal for equal values (<see cref="ValueComparer"/>), whatever array they are in. Not stored anywhere: it may change.</summary>
internal static class ValueHash
{
    private const ulong NullHash = 0x9E3779B97F4A7C15;

    public static ulong Of(ArrayData data, int row)
    {
        (data, row) = ArrayValue.Resolve(data, row);
        if (row < 0 || ArrayValue.IsNull(data, row))
        {
            return NullHash;
        }

        switch (data.DataType.TypeId)
        {
            case ArrowTypeId.Boolean:
                return Mix(Bits.Get(data.Buffers[1].Span, data.Offset + row) ? 1UL : 2UL);
            case ArrowTypeId.Float:
                float f = ArrayValue.Fixed<float>(data, row);
                return Mix(BitConverter.SingleToUInt32Bits(float.IsNaN(f) ? float.NaN : f));
            case ArrowTypeId.Double:
                double d = ArrayValue.Fixed<double>(data, row);
                return Mix(BitConverter.DoubleToUInt64Bits(double.IsNaN(d) ? double.NaN : d));
            case ArrowTypeId.HalfFloat:
                var h = ArrayValue.Fixed<Half>(data, row);
                return Mix(BitConverter.HalfToUInt16Bits(Half.IsNaN(h) ? Half.NaN : h));
            case ArrowTypeId.String or ArrowTypeId.Binary or ArrowTypeId.LargeString or ArrowTypeId.LargeBinary:
                return XxHash3.HashToUInt64(ArrayValue.Bytes(data, row));
            case ArrowTypeId.List or ArrowTypeId.LargeList or ArrowTypeId.Map or ArrowTypeId.FixedSizeList:
                var (start, length) = ArrayValue.Range(data, row);
                ulong list = Mix((ulong)length);
                for (int i = 0; i < length; i++)
                {
                    list = Combine(list, Of(data.Children[0], start + i));
                }

                return list;
            case ArrowTypeId.Struct:
                ulong record = 1;
                foreach (var child in data.Children)
                {
                    record = Combine(record, Of(child, data.Offset + row));
                }

                return record;
            default:
                return data.DataType is not FixedWidthType { BitWidth: var bits } ? throw Corrupt.Unsupported(data.DataType) : bits switch
                {
                    64 => Mix(ArrayValue.Fixed<ulong>(data, row)),
                    32 => Mix(ArrayValue.Fixed<uint>(data, row)),
                    _ => XxHash3.HashToUInt64(ArrayValue.FixedBytes(data, row, bits / 8)),
                };
        }
    }

    public static ulong Combine(ulong left, ulong right) => Mix((left * 31) + right);

    /// <summary>The finaliser of MurmurHash3: every bit of the input changes half of the output's.</summary>
    public static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xff51afd7ed558ccd;
        value ^= value >> 33;
        value *= 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
