using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Sql;

/// <summary>What is kept of a base file's footer: its schema, how many rows it has and, for each row group, what the statistics say of plain columns. Base files never change, so it never grows old.</summary>
internal sealed class FileFacts
{
    private readonly Dictionary<string, ColumnRange>[] rowGroups;

    private FileFacts(FileSchema schema, long rows, Dictionary<string, ColumnRange>[] rowGroups) => (Schema, Rows, this.rowGroups) = (schema, rows, rowGroups);

    public FileSchema Schema { get; }

    public long Rows { get; }

    public static FileFacts Of(ParquetFooter footer, FileSchema schema)
    {
        var leaves = footer.Root.Children.Where(c => c.IsLeaf).Select(c => c.Name).ToList();
        var groups = new Dictionary<string, ColumnRange>[footer.RowGroups.Count];
        for (var g = 0; g < groups.Length; g++)
        {
            var statistics = new RowGroupStatistics(footer, g);
            groups[g] = new Dictionary<string, ColumnRange>(StringComparer.Ordinal);
            foreach (var name in leaves)
            {
                if (statistics.Find(name) is { } range)
                {
                    groups[g][name] = range with { Min = Own(range.Min), Max = Own(range.Max) };
                }
            }
        }

        return new FileFacts(schema, footer.RowGroups.Sum(g => g.NumRows), groups);
    }

    /// <summary>Whether a row group may have rows for which the condition is true.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="wanted">The columns that it is bound to.</param>
    public bool MightMatch(BoundPredicate condition, Schema wanted)
    {
        foreach (var group in rowGroups)
        {
            if (condition.MightMatch(new EvolvedStatistics(new Statistics(group), Schema.Arrow, wanted, null)))
            {
                return true;
            }
        }

        return false;
    }

    // Texts are slices of the whole footer, with its bloom filter of several hundred kB.
    private static StatisticValue? Own(StatisticValue? value) => value?.Kind switch
    {
        StatisticValue.Kinds.Text => StatisticValue.OfText(value.Value.Bytes.ToArray()),
        StatisticValue.Kinds.Bytes => StatisticValue.OfBytes(value.Value.Bytes.ToArray()),
        _ => value,
    };

    private sealed class Statistics(Dictionary<string, ColumnRange> columns) : IColumnStatistics
    {
        public ColumnRange? Find(string column) => columns.GetValueOrDefault(column);
    }
}
