using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Least and greatest value of one array.</summary>
internal static class ArrayBounds
{
    /// <param name="column">Its name.</param>
    /// <param name="array">The values.</param>
    /// <param name="levels">The arrays whose nulls are the column's: the structs around it and itself.</param>
    public static ColumnBounds Of(string column, IArrowArray array, IArrowArray[] levels)
    {
        var nulls = levels.Length == 1 && array is not DictionaryArray ? array.NullCount : Enumerable.Range(0, array.Length).Count(i => IsNull(array, levels, i));
        var (min, max, hasNaN) = nulls == array.Length ? (-1, -1, false) : Find(array, levels, nulls);
        return hasNaN || min < 0
            ? new ColumnBounds(column, null, null, array.Length, nulls, 0, 0)
            : new ColumnBounds(column, Value(array, min), Value(array, max), array.Length, nulls, 0, 0);
    }

    private static (int Min, int Max, bool HasNaN) Find(IArrowArray array, IArrowArray[] levels, int nulls) => (array, nulls) switch
    {
        (PrimitiveArray<int> a, 0) => FindIn(a.Values),
        (PrimitiveArray<long> a, 0) => FindIn(a.Values),
        (FloatArray a, 0) => FindIn(a.Values),
        (DoubleArray a, 0) => FindIn(a.Values),
        (BinaryArray a, 0) => FindIn(a),
        _ => FindAny(array, levels),
    };

    private static (int, int, bool) FindIn<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var (min, max) = (0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (T.IsNaN(values[i]))
            {
                return (-1, -1, true);
            }

            min = values[i].CompareTo(values[min]) < 0 ? i : min;
            max = values[i].CompareTo(values[max]) > 0 ? i : max;
        }

        return (min, max, false);
    }

    private static (int, int, bool) FindIn(BinaryArray values)
    {
        var (min, max) = (0, 0);
        for (var i = 1; i < values.Length; i++)
        {
            var value = values.GetBytes(i);
            if (value.SequenceCompareTo(values.GetBytes(min)) < 0)
            {
                min = i;
            }
            else if (value.SequenceCompareTo(values.GetBytes(max)) > 0)
            {
                max = i;
            }
        }

        return (min, max, false);
    }

    private static (int, int, bool) FindAny(IArrowArray array, IArrowArray[] levels)
    {
        var (min, max) = (-1, -1);
        var data = array.Data;
        for (var i = 0; i < array.Length; i++)
        {
            if (IsNull(array, levels, i))
            {
                continue;
            }

            if (array is FloatArray f ? float.IsNaN(f.Values[i]) : array is DoubleArray d && double.IsNaN(d.Values[i]))
            {
                return (-1, -1, true);
            }

            min = min < 0 || ValueComparer.Compare(data, i, data, min) < 0 ? i : min;
            max = max < 0 || ValueComparer.Compare(data, i, data, max) > 0 ? i : max;
        }

        return (min, max, false);
    }

    private static bool IsNull(IArrowArray array, IArrowArray[] levels, int row) =>
        System.Array.Exists(levels, l => l.IsNull(row)) || (array is DictionaryArray d && d.Dictionary.IsNull(DictionaryIndex.Read(d.Data, row)));

    private static StatisticValue? Value(IArrowArray array, int row) =>
        array is DictionaryArray d ? StatisticValue.FromArray(d.Dictionary, DictionaryIndex.Read(d.Data, row)) : StatisticValue.FromArray(array, row);
}
