using System.Buffers;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A condition on one column: tests the values, then marks the rows without one as unknown.</summary>
internal abstract class BoundLeaf(ColumnPath path) : BoundPredicate
{
    protected ColumnPath Path => path;

    public override void Evaluate(RecordBatch batch, Span<byte> results)
    {
        var array = path.Array(batch);
        if (array is DictionaryArray dictionary)
        {
            EvaluateDictionary(dictionary, results);
        }
        else
        {
            EvaluateValues(array, results);
        }

        foreach (var level in path.Levels(batch))
        {
            MarkNulls(level, results);
        }
    }

    public override Possible Outcomes(IColumnStatistics statistics)
    {
        if (statistics.Find(path.Name) is not { } range)
        {
            return Possible.Both;
        }

        return range.AllNull ? Possible.None : Within(range);
    }

    /// <summary>Tests each value; what is written for a null does not matter.</summary>
    protected abstract void EvaluateValues(IArrowArray array, Span<byte> results);

    protected abstract Possible Within(ColumnRange range);

    private static void MarkNulls(IArrowArray array, Span<byte> results)
    {
        var data = array.Data;
        if (data.NullCount == 0 || data.Buffers.Length == 0 || data.Buffers[0].IsEmpty)
        {
            return;
        }

        var bits = data.Buffers[0].Span;
        for (int i = 0; i < results.Length; i++)
        {
            var bit = data.Offset + i;
            if ((bits[bit >> 3] & (1 << (bit & 7))) == 0)
            {
                results[i] = Unknown;
            }
        }
    }

    private void EvaluateDictionary(DictionaryArray array, Span<byte> results)
    {
        var values = array.Dictionary;
        var scratch = ArrayPool<byte>.Shared.Rent(values.Length);
        var byValue = scratch.AsSpan(0, values.Length);
        EvaluateValues(values, byValue);
        MarkNulls(values, byValue);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = array.IsNull(i) ? Unknown : byValue[DictionaryIndex.Read(array.Data, i)];
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }
}
