using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// The operations on Arrow arrays that .NET's Arrow lacks. Every one takes sliced arrays, nulls and nested types; results have offset 0, own their memory and never share the inputs'.
/// A row number outside its array is an <see cref="ArgumentOutOfRangeException"/>: a defect of the caller.
/// </summary>
internal static partial class Kernels
{
    /// <summary>The rows with these numbers, in this order, repeated where a number is; a negative number gives a null.</summary>
    public static IArrowArray Take(IArrowArray array, ReadOnlySpan<int> rows)
    {
        using var runs = RunsOf(array.Length, rows);
        return Build([array], runs);
    }

    /// <summary>Row i of the result is row <c>row[i]</c> of <c>sources[source[i]]</c>; a negative row is null. The sources have one type.</summary>
    public static IArrowArray Interleave(IReadOnlyList<IArrowArray> sources, ReadOnlySpan<int> source, ReadOnlySpan<int> row)
    {
        using var runs = RunsOf([.. sources.Select(s => s.Length)], source, row);
        return Build(sources, runs);
    }

    /// <summary>The arrays, of one type, one after the other.</summary>
    public static IArrowArray Concat(IReadOnlyList<IArrowArray> arrays)
    {
        using var runs = RunsOfAll([.. arrays.Select(a => a.Length)]);
        return Build(arrays, runs);
    }

    /// <summary>The rows where the mask is true; false and null leave a row out.</summary>
    public static IArrowArray Filter(IArrowArray array, BooleanArray mask)
    {
        using var runs = RunsOf(mask, array.Length);
        return Build([array], runs);
    }

    /// <summary>The same rows in memory of their own, without the parts of buffers that a slice leaves unused.</summary>
    public static IArrowArray Compact(IArrowArray array) => Concat([array]);

    internal static IArrowArray Build(IReadOnlyList<IArrowArray> sources, RunBuilder runs)
    {
        var data = new ArrayData[sources.Count];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = sources[i].Data;
            if (i > 0 && !ArrowTypes.Same(data[0].DataType, data[i].DataType))
            {
                throw new ArgumentException($"The arrays are of different types: {ArrowTypes.Text(data[0].DataType)} and {ArrowTypes.Text(data[i].DataType)}.", nameof(sources));
            }
        }

        return ArrowArrayFactory.BuildArray(Gather.Run(data, new RowRuns(runs.Runs)));
    }
}
