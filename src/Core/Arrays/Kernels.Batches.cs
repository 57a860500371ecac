using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <content>The same on whole batches: the runs are worked out once and used for every column. The result has the (first) batch's schema.</content>
internal static partial class Kernels
{
    /// <inheritdoc cref="Take(IArrowArray, ReadOnlySpan{int})"/>
    public static RecordBatch Take(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        using var runs = RunsOf(batch.Length, rows);
        return Build([batch], runs);
    }

    /// <summary>Row i of the result is row <c>row[i]</c> of <c>sources[source[i]]</c>; a negative row is null in every column. The batches have the same column types.</summary>
    public static RecordBatch Interleave(IReadOnlyList<RecordBatch> sources, ReadOnlySpan<int> source, ReadOnlySpan<int> row)
    {
        using var runs = RunsOf([.. sources.Select(s => s.Length)], source, row);
        return Build(sources, runs);
    }

    /// <summary>The same by runs of rows, which lie within the batches.</summary>
    public static RecordBatch Interleave(IReadOnlyList<RecordBatch> sources, RunBuilder runs) => Build(sources, runs);

    /// <summary>The batches, of the same column types, one after the other.</summary>
    public static RecordBatch Concat(IReadOnlyList<RecordBatch> batches)
    {
        using var runs = RunsOfAll([.. batches.Select(b => b.Length)]);
        return Build(batches, runs);
    }

    /// <inheritdoc cref="Filter(IArrowArray, BooleanArray)"/>
    public static RecordBatch Filter(RecordBatch batch, BooleanArray mask)
    {
        using var runs = RunsOf(mask, batch.Length);
        return Build([batch], runs);
    }

    /// <inheritdoc cref="Compact(IArrowArray)"/>
    public static RecordBatch Compact(RecordBatch batch) => Concat([batch]);

    private static RecordBatch Build(IReadOnlyList<RecordBatch> batches, RunBuilder runs)
    {
        var columns = new IArrowArray[batches[0].ColumnCount];
        var sources = new IArrowArray[batches.Count];
        for (int c = 0; c < columns.Length; c++)
        {
            for (int s = 0; s < sources.Length; s++)
            {
                sources[s] = batches[s].Column(c);
            }

            columns[c] = Build(sources, runs);
        }

        return new RecordBatch(batches[0].Schema, columns, new RowRuns(runs.Runs).Length);
    }
}
