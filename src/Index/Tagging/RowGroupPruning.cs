using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Rules out row groups by the statistics of their key column, which compare UTF-8 bytes.</summary>
internal static class RowGroupPruning
{
    /// <summary>The row groups that may hold one of the keys; null for all of them.</summary>
    /// <param name="footer">The file's.</param>
    /// <param name="keys">The incoming keys.</param>
    /// <param name="candidates">Those of them that the file may hold; null for all.</param>
    public static int[]? Find(ParquetFooter footer, KeyMap keys, int[]? candidates)
    {
        if (StatisticsTrust.IsDistrusted(footer.CreatedBy) || footer.Root.Children.Find(c => c.Name == MetaColumns.RecordKey) is not { } column)
        {
            return null;
        }

        var groups = new List<int>(footer.RowGroups.Count);
        for (int group = 0; group < footer.RowGroups.Count; group++)
        {
            if (footer.RowGroups[group].Columns[column.FirstLeaf].Statistics is not { MinValue: { } min, MaxValue: { } max } || Any(keys, candidates, min.Span, max.Span))
            {
                groups.Add(group);
            }
        }

        return groups.Count == footer.RowGroups.Count ? null : [.. groups];
    }

    private static bool Any(KeyMap keys, int[]? candidates, ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        int count = candidates?.Length ?? keys.Count;
        for (int i = 0; i < count; i++)
        {
            var key = keys[candidates is null ? i : candidates[i]];
            if (key.SequenceCompareTo(min) >= 0 && key.SequenceCompareTo(max) <= 0)
            {
                return true;
            }
        }

        return false;
    }
}
