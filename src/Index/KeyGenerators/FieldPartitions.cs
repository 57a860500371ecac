using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The whole partition path of each row: the fields' parts, joined by '/'.</summary>
internal sealed class FieldPartitions(IReadOnlyList<IPartitionSource> fields)
{
    public IEnumerable<string> Fields => fields.Select(f => f.Field);

    public (string[] Paths, int[] Codes) Generate(RecordBatch data, long firstRow)
    {
        int[] codes = new int[data.Length];
        if (fields.Count == 0)
        {
            return (data.Length == 0 ? [] : [string.Empty], codes);
        }

        string[] paths = fields[0].Encode(data, firstRow, codes);
        int[] next = fields.Count > 1 ? new int[data.Length] : [];
        foreach (var field in fields.Skip(1))
        {
            paths = Join(paths, codes, field.Encode(data, firstRow, next), next);
        }

        return (paths, codes);
    }

    // Numbers the pairs in order of first appearance, in place of the left codes.
    private static string[] Join(string[] left, int[] codes, string[] right, int[] next)
    {
        var pairs = new Dictionary<long, int>();
        var joined = new SegmentCodes();
        long lastPair = -1;
        int lastCode = 0;
        for (int row = 0; row < codes.Length; row++)
        {
            long pair = ((long)codes[row] << 32) | (uint)next[row];
            if (pair != lastPair)
            {
                if (!pairs.TryGetValue(pair, out lastCode))
                {
                    // Two pairs may make one path: a/b + c and a + b/c.
                    lastCode = joined.Segment(left[codes[row]] + "/" + right[next[row]]);
                    pairs.Add(pair, lastCode);
                }

                lastPair = pair;
            }

            codes[row] = lastCode;
        }

        return joined.Segments;
    }
}
