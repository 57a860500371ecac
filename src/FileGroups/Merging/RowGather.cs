using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Makes rows out of places in several batches, column by column.</summary>
internal static class RowGather
{
    /// <param name="schema">The columns.</param>
    /// <param name="sources">The batches; places of negative number are null.</param>
    /// <param name="present">Which columns each batch has; null: all.</param>
    /// <param name="places">The rows.</param>
    /// <param name="rule">What counts as missing; null: no row is filled.</param>
    /// <param name="latestMeta">Whether meta columns have places of their own.</param>
    public static RecordBatch Run(Schema schema, IReadOnlyList<RecordBatch> sources, IReadOnlyList<bool[]?> present, RowPlaces places, FillRule? rule, bool latestMeta)
    {
        var source = new int[places.Count];
        var row = new int[places.Count];
        if (rule is null)
        {
            Split(places, (_, _) => false, source, row);
            return new RecordBatch(schema, Kernels.Interleave(sources, source, row).Arrays, places.Count);
        }

        var columns = new IArrowArray[schema.FieldsList.Count];
        for (int c = 0; c < columns.Length; c++)
        {
            int column = c;
            IArrowArray[] arrays = [.. sources.Select(s => s.Column(column))];
            if (latestMeta && MetaColumns.Contains(schema.FieldsList[c].Name))
            {
                for (int i = 0; i < row.Length; i++)
                {
                    (source[i], row[i]) = Parts(places.Meta(i));
                }
            }
            else
            {
                Split(places, (place, kind) => Parts(place) is var (s, r) && rule.IsMissing(kind, column, arrays[s], r, present[s]), source, row);
            }

            columns[c] = Kernels.Interleave(arrays, source, row);
        }

        return new RecordBatch(schema, columns, places.Count);
    }

    private static void Split(RowPlaces places, Func<long, FillKind, bool> isMissing, int[] source, int[] row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            (source[i], row[i]) = Parts(places.Find(i, isMissing));
        }
    }

    private static (int Source, int Row) Parts(long place) => place < 0 ? (0, -1) : ((int)(place >> 32), (int)place);
}
