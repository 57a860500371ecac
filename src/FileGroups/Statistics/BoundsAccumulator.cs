using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Bounds of the rows that are written to a log file, batch after batch (HoodieTableMetadataUtil.collectColumnRangeMetadata).</summary>
/// <param name="columns">Names, dotted where nested; of none, nothing is done.</param>
internal sealed class BoundsAccumulator(IReadOnlyList<string> columns)
{
    private readonly Dictionary<string, ColumnBounds> bounds = columns.ToDictionary(c => c, c => new ColumnBounds(c, null, null, 0, 0, 0, 0));
    private Schema? schema;
    private List<ColumnPath> paths = [];
    private bool partial;

    /// <summary>Takes rows into account.</summary>
    public void Add(RecordBatch batch)
    {
        if (columns.Count == 0 || batch.Length == 0)
        {
            return;
        }

        if (!ReferenceEquals(schema, batch.Schema))
        {
            schema = batch.Schema;
            paths = [.. columns.Select(c => ColumnPath.TryResolve(schema, c)).OfType<ColumnPath>()];
            partial |= paths.Count < columns.Count;
        }

        foreach (var path in paths)
        {
            bounds[path.Name] = bounds[path.Name].With(ArrayBounds.Of(path.Name, path.Array(batch), path.Levels(batch)));
        }
    }

    /// <summary>
    /// The bounds of all rows added. None where blocks lack columns: the rows are made of these and of those stored, and readers that rule files out one by one, as Spark does, would
    /// lose them.
    /// </summary>
    public IReadOnlyList<ColumnBounds> Finish() => partial ? [] : [.. columns.Select(c => bounds[c])];
}
