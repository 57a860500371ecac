using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Reading;

/// <summary>What a partition path tells of the rows below it.</summary>
/// <param name="values">From <see cref="PartitionValues.Of"/>.</param>
internal sealed class PathStatistics(IReadOnlyDictionary<string, IArrowArray> values) : IColumnStatistics
{
    public ColumnRange? Find(string column) => values.TryGetValue(column, out var value) ? ColumnRange.Constant(value) : null;
}
