using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What is known of the rows that merging some files can give. Each value of a merged row is from one of the files, though not all from the same where a merge fills columns: so the
/// bounds of a column are those over all files, and a column that one file says nothing of is not known.
/// </summary>
internal sealed class MergedStatistics : IColumnStatistics
{
    private readonly Dictionary<string, ColumnRange> ranges = [];

    /// <param name="columns">The columns asked for.</param>
    /// <param name="find">The bounds of a column in the i-th file; null: not known.</param>
    /// <param name="files">How many files there are.</param>
    public MergedStatistics(IEnumerable<string> columns, int files, Func<string, int, ColumnBounds?> find)
    {
        foreach (var column in columns)
        {
            var bounds = Enumerable.Range(0, files).Select(i => find(column, i)).ToList();
            if (bounds.Count > 0 && !bounds.Contains(null))
            {
                var all = bounds.Aggregate((a, b) => a!.With(b!))!;
                ranges.Add(column, new ColumnRange(all.Min, all.Max, all.ValueCount, all.NullCount));
            }
        }
    }

    public ColumnRange? Find(string column) => ranges.GetValueOrDefault(column);
}
