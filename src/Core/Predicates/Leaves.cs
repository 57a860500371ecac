using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Arrays;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A condition on numbers, dates, times and timestamps.</summary>
/// <param name="convert">A statistic in the column's type; null: not comparable, or outside of it.</param>
internal sealed class PrimitiveLeaf<T>(ColumnPath path, Condition<T> condition, Func<StatisticValue, T?> convert) : BoundLeaf(path)
    where T : unmanaged, INumber<T>
{
    private static readonly bool HasNaN = typeof(T) == typeof(float) || typeof(T) == typeof(double);

    protected override void EvaluateValues(IArrowArray array, Span<byte> results) => condition.Test(((PrimitiveArray<T>)array).Values, results);

    protected override Possible Within(ColumnRange range) => condition.Within(range.Min is { } min ? convert(min) : null, range.Max is { } max ? convert(max) : null, HasNaN);
}

/// <summary>A condition on 128-bit decimals, compared by their unscaled values.</summary>
internal sealed class DecimalLeaf(ColumnPath path, Condition<Int128> condition, Func<StatisticValue, Int128?> convert) : BoundLeaf(path)
{
    protected override void EvaluateValues(IArrowArray array, Span<byte> results) =>
        condition.Test(MemoryMarshal.Cast<byte, Int128>(array.Data.Buffers[1].Span).Slice(array.Offset, array.Length), results);

    protected override Possible Within(ColumnRange range) => condition.Within(range.Min is { } min ? convert(min) : null, range.Max is { } max ? convert(max) : null, mayHoldNaN: false);
}

/// <summary>A condition on booleans; false is less than true.</summary>
internal sealed class BooleanLeaf(ColumnPath path, Condition<byte> condition) : BoundLeaf(path)
{
    protected override void EvaluateValues(IArrowArray array, Span<byte> results)
    {
        var bits = array.Data.Buffers[1].Span;
        var scratch = ArrayPool<byte>.Shared.Rent(results.Length);
        for (int i = 0; i < results.Length; i++)
        {
            var bit = array.Offset + i;
            scratch[i] = (byte)((bits[bit >> 3] >> (bit & 7)) & 1);
        }

        condition.Test(scratch.AsSpan(0, results.Length), results);
        ArrayPool<byte>.Shared.Return(scratch);
    }

    protected override Possible Within(ColumnRange range) => condition.Within(Convert(range.Min), Convert(range.Max), mayHoldNaN: false);

    private static byte? Convert(StatisticValue? value) => value is { Kind: StatisticValue.Kinds.Boolean } v ? (byte)v.Number : null;
}

/// <summary>Whether a column has a value.</summary>
internal sealed class NullLeaf(ColumnPath path, bool isNull) : BoundPredicate
{
    public override void Evaluate(RecordBatch batch, Span<byte> results)
    {
        results.Fill(isNull ? False : True);
        foreach (var level in path.Levels(batch))
        {
            for (int i = 0; i < results.Length; i++)
            {
                if (level.IsNull(i) || (level is DictionaryArray d && d.Dictionary.NullCount > 0 && d.Dictionary.IsNull(Arrays.DictionaryIndex.Read(d.Data, i))))
                {
                    results[i] = isNull ? True : False;
                }
            }
        }
    }

    public override Possible Outcomes(IColumnStatistics statistics)
    {
        var range = statistics.Find(path.Name);
        var some = range is { NullCount: 0 } ? Possible.None : Possible.True;
        var others = range is { AllNull: true } ? Possible.None : Possible.False;
        return isNull ? some | others : (some == Possible.None ? Possible.None : Possible.False) | (others == Possible.None ? Possible.None : Possible.True);
    }
}
