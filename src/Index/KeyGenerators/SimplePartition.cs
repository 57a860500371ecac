using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>A partition by a column's value; null and empty text share __HIVE_DEFAULT_PARTITION__.</summary>
internal sealed class SimplePartition(KeyGeneratorSettings settings, string field) : IPartitionSource
{
    private readonly PartitionSegment segment = new(settings, field, mayNest: false);

    public string Field { get; } = field;

    public string[] Encode(RecordBatch data, long firstRow, Span<int> codes)
    {
        var column = ColumnPath.Resolve(data, Field);
        var text = ValueText.Of(column.Leaf, Field, settings.TimestampsAsText);
        var known = new SegmentCodes();
        bool nullable = column.IsNullable;
        for (int row = 0; row < codes.Length; row++)
        {
            var value = nullable && column.IsNull(row) ? default : text.Get(row);
            if (!known.TryGet(value, out int code))
            {
                code = known.Add(value, segment.Of(value.IsEmpty ? PartitionPathText.Default : Encoding.UTF8.GetString(value), firstRow + row));
            }

            codes[row] = code;
        }

        return known.Segments;
    }
}
