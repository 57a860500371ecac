using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// A total order of the values of one type: null first; numbers by value, with NaN the greatest and -0.0 below 0.0 as java.lang.Double has it; text and binary by unsigned bytes
/// (for text that is the order of code points); lists, structs and map entries by their first difference.
/// </summary>
internal static class ValueComparer
{
    public static int Compare(ArrayData a, int i, ArrayData b, int j)
    {
        (a, i) = ArrayValue.Resolve(a, i);
        (b, j) = ArrayValue.Resolve(b, j);
        bool aNull = i < 0 || ArrayValue.IsNull(a, i);
        bool bNull = j < 0 || ArrayValue.IsNull(b, j);
        if (aNull || bNull)
        {
            return bNull.CompareTo(aNull);
        }

        return a.DataType.TypeId switch
        {
            ArrowTypeId.Boolean => Bits.Get(a.Buffers[1].Span, a.Offset + i).CompareTo(Bits.Get(b.Buffers[1].Span, b.Offset + j)),
            ArrowTypeId.Int8 => Numbers<sbyte>(a, i, b, j),
            ArrowTypeId.UInt8 => Numbers<byte>(a, i, b, j),
            ArrowTypeId.Int16 => Numbers<short>(a, i, b, j),
            ArrowTypeId.UInt16 => Numbers<ushort>(a, i, b, j),
            ArrowTypeId.Int32 or ArrowTypeId.Date32 or ArrowTypeId.Time32 or ArrowTypeId.Decimal32 => Numbers<int>(a, i, b, j),
            ArrowTypeId.UInt32 => Numbers<uint>(a, i, b, j),
            ArrowTypeId.Int64 or ArrowTypeId.Date64 or ArrowTypeId.Time64 or ArrowTypeId.Timestamp or ArrowTypeId.Duration or ArrowTypeId.Decimal64 => Numbers<long>(a, i, b, j),
            ArrowTypeId.UInt64 => Numbers<ulong>(a, i, b, j),
            ArrowTypeId.HalfFloat => Reals(ArrayValue.Fixed<Half>(a, i), ArrayValue.Fixed<Half>(b, j)),
            ArrowTypeId.Float => Reals(ArrayValue.Fixed<float>(a, i), ArrayValue.Fixed<float>(b, j)),
            ArrowTypeId.Double => Reals(ArrayValue.Fixed<double>(a, i), ArrayValue.Fixed<double>(b, j)),
            ArrowTypeId.Decimal128 => ArrayValue.Decimal128(a, i).CompareTo(ArrayValue.Decimal128(b, j)),
            ArrowTypeId.Decimal256 => ArrayValue.Decimal(a, i, 32).CompareTo(ArrayValue.Decimal(b, j, 32)),
            ArrowTypeId.String or ArrowTypeId.Binary or ArrowTypeId.LargeString or ArrowTypeId.LargeBinary => ArrayValue.Bytes(a, i).SequenceCompareTo(ArrayValue.Bytes(b, j)),
            ArrowTypeId.FixedSizedBinary => FixedBytes(a, i).SequenceCompareTo(FixedBytes(b, j)),
            ArrowTypeId.List or ArrowTypeId.LargeList or ArrowTypeId.Map or ArrowTypeId.FixedSizeList => Lists(a, i, b, j),
            ArrowTypeId.Struct => Structs(a, i, b, j),
            _ => throw Corrupt.Unsupported(a.DataType),
        };
    }

    private static int Numbers<T>(ArrayData a, int i, ArrayData b, int j)
        where T : unmanaged, IComparable<T> => ArrayValue.Fixed<T>(a, i).CompareTo(ArrayValue.Fixed<T>(b, j));

    private static int Reals<T>(T a, T b)
        where T : IFloatingPointIeee754<T>
    {
        if (a < b)
        {
            return -1;
        }

        if (a > b)
        {
            return 1;
        }

        // Equal, or a NaN among them.
        return T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : T.IsNegative(b).CompareTo(T.IsNegative(a));
    }

    private static ReadOnlySpan<byte> FixedBytes(ArrayData data, int row) => ArrayValue.FixedBytes(data, row, ((FixedSizeBinaryType)data.DataType).ByteWidth);

    private static int Lists(ArrayData a, int i, ArrayData b, int j)
    {
        var (aStart, aLength) = ArrayValue.Range(a, i);
        var (bStart, bLength) = ArrayValue.Range(b, j);
        for (int k = 0; k < Math.Min(aLength, bLength); k++)
        {
            if (Compare(a.Children[0], aStart + k, b.Children[0], bStart + k) is var sign and not 0)
            {
                return sign;
            }
        }

        return aLength.CompareTo(bLength);
    }

    private static int Structs(ArrayData a, int i, ArrayData b, int j)
    {
        for (int c = 0; c < a.Children.Length; c++)
        {
            if (Compare(a.Children[c], a.Offset + i, b.Children[c], b.Offset + j) is var sign and not 0)
            {
                return sign;
            }
        }

        return 0;
    }
}
