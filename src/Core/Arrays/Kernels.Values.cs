using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Single values: equality, order, hash, nulls.</content>
internal static partial class Kernels
{
    /// <summary>Whether two values of one type are the same. Null is the same as null, NaN as NaN; 0.0 and -0.0 differ, as they do in Java. Dictionary-encoded arrays compare by value.</summary>
    public static bool Equal(IArrowArray a, int i, IArrowArray b, int j) => ValueComparer.Compare(a.Data, i, b.Data, j) == 0;

    /// <summary>Whether runs that bring in rows of other sources give the first source's rows all the same, each in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool AreInPlace(IReadOnlyList<IArrowArray> sources, RunBuilder runs)
    {
        var first = sources[0].Data;
        int at = 0;
        foreach (ref readonly var run in runs.Runs)
        {
            var source = sources[run.Source].Data;
            for (int i = 0; i < run.Length; i++)
            {
                if ((run.Source != 0 || run.Start != at) && ValueComparer.Compare(first, at + i, source, run.Start + i) != 0)
                {
                    return false;
                }
            }

            at += run.Length;
        }

        return at == first.Length;
    }

    /// <summary>The sign of the comparison of two values of one type; see <see cref="ValueComparer"/> for the order.</summary>
    public static int Compare(IArrowArray a, int i, IArrowArray b, int j) => ValueComparer.Compare(a.Data, i, b.Data, j);

    /// <summary>The hash of one value: equal values have equal hashes.</summary>
    public static ulong Hash(IArrowArray array, int row) => ValueHash.Of(array.Data, row);

    /// <summary>The hash of every row over some columns.</summary>
    /// <param name="hashes">As many as there are rows; overwritten.</param>
    public static void HashRows(IReadOnlyList<IArrowArray> columns, Span<ulong> hashes)
    {
        hashes.Clear();
        foreach (var column in columns)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(column.Length, hashes.Length, nameof(hashes));
            ColumnHash.Combine(column.Data, hashes);
        }
    }

    /// <summary>The first row that is null, or -1.</summary>
    public static int IndexOfNull(IArrowArray array)
    {
        var data = array.Data;
        if (data.DataType.TypeId == ArrowTypeId.Null)
        {
            return data.Length == 0 ? -1 : 0;
        }

        if (data.Dictionary is { } dictionary && dictionary.GetNullCount() != 0)
        {
            for (int row = 0; row < data.Length; row++)
            {
                if (DictionaryIndex.Read(data, row) is var entry && (entry < 0 || ArrayValue.IsNull(dictionary, entry)))
                {
                    return row;
                }
            }

            return -1;
        }

        if (data.GetNullCount() == 0)
        {
            return -1;
        }

        var valid = data.Buffers[0].Span;
        for (int from = 0; from < data.Length; from += 64)
        {
            int row = from + System.Numerics.BitOperations.TrailingZeroCount(~Bits.Word(valid, data.Offset + (long)from));
            if (row < Math.Min(from + 64, data.Length))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>A dictionary-encoded array as a plain one; any other array as it is (shared: dispose both).</summary>
    public static IArrowArray Decode(IArrowArray array) => ArrowArrayFactory.BuildArray(Decode(array.Data));

    internal static ArrayData Decode(ArrayData data)
    {
        if (data.Dictionary is null)
        {
            return data.Retain();
        }

        using var runs = new RunBuilder(data.Length);
        for (int row = 0; row < data.Length; row++)
        {
            runs.Add(0, DictionaryIndex.Read(data, row), 1);
        }

        return Gather.Run([data.Dictionary], new RowRuns(runs.Runs));
    }
}
