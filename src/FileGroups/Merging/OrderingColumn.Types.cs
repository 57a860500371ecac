using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

internal abstract partial class OrderingColumn
{
    private delegate int Comparison<TArray>(TArray left, int leftRow, TArray right, int rightRow);

    private static OrderingColumn Number<T>(PrimitiveArray<T> array)
        where T : struct, IEquatable<T>, IComparable<T> => new Typed<PrimitiveArray<T>>(array, static (l, i, r, j) => l.Values[i].CompareTo(r.Values[j]));

    // Java's Double.compare: -0.0 is below 0.0, NaN above all and equal to itself.
    private static int Doubles(DoubleArray l, int i, DoubleArray r, int j)
    {
        double left = l.Values[i];
        double right = r.Values[j];
        return left < right ? -1 : left > right ? 1 : Bits(left).CompareTo(Bits(right));
    }

    private static int Floats(FloatArray l, int i, FloatArray r, int j)
    {
        double left = l.Values[i];
        double right = r.Values[j];
        return left < right ? -1 : left > right ? 1 : Bits(left).CompareTo(Bits(right));
    }

    private static long Bits(double value) => double.IsNaN(value) ? long.MaxValue : BitConverter.DoubleToInt64Bits(value);

    private static int Booleans(BooleanArray l, int i, BooleanArray r, int j) => l.GetValue(i)!.Value.CompareTo(r.GetValue(j)!.Value);

    // By UTF-8 bytes, which is by code point: what 1.2.0 does in merging base files and the rows of a batch (tried with U+FFFF against U+10000, where Java's String says the opposite).
    private static int Strings(StringArray l, int i, StringArray r, int j) => l.GetBytes(i).SequenceCompareTo(r.GetBytes(j));

    // java.nio.ByteBuffer compares signed bytes.
    private static int Bytes(BinaryArray l, int i, BinaryArray r, int j) =>
        MemoryMarshal.Cast<byte, sbyte>(l.GetBytes(i)).SequenceCompareTo(MemoryMarshal.Cast<byte, sbyte>(r.GetBytes(j)));

    private static int Decimals(Decimal128Array l, int i, Decimal128Array r, int j) => Unscaled(l, i).CompareTo(Unscaled(r, j));

    private static Int128 Unscaled(Decimal128Array array, int row) => MemoryMarshal.Read<Int128>(array.ValueBuffer.Span[((array.Offset + row) * 16)..]);

    private sealed class Typed<TArray>(TArray values, Comparison<TArray> comparison) : OrderingColumn(values)
        where TArray : IArrowArray
    {
        private TArray Values => values;

        protected override int CompareSame(int row, OrderingColumn other, int otherRow) => comparison(values, row, ((Typed<TArray>)other).Values, otherRow);
    }
}
