using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The records and base rows of those keys whose hashes fall into one part, put aside on the disk.</summary>
internal sealed class LogPart(string? folder) : IDisposable
{
    private static readonly Field KeyField = new("key", StringType.Default, false);
    private static readonly Field PositionField = new("position", Int64Type.Default, false);

    // One file a schema; which one each batch is in tells their order.
    private readonly List<LogShape> shapes = [];
    private SpillFile? rows;
    private SpillFile? deletes;
    private SpillFile? bases;

    public void Add(StringArray keys, RecordBatch batch, LogShape shape)
    {
        var file = shape.IsDeletes ? deletes ??= new SpillFile(folder) : rows ??= new SpillFile(folder);
        file.Write(With(batch, KeyField, keys));
        shapes.Add(shape);
    }

    public void AddBase(StringArray keys, RecordBatch batch, Int64Array positions) =>
        (bases ??= new SpillFile(folder)).Write(With(With(batch, KeyField, keys), PositionField, positions));

    /// <summary>The records in the order they came.</summary>
    public IEnumerable<LogSource> Read(MergeRule rule)
    {
        using var fromRows = rows?.Read().GetEnumerator();
        using var fromDeletes = deletes?.Read().GetEnumerator();
        foreach (var shape in shapes)
        {
            var from = shape.IsDeletes ? fromDeletes! : fromRows!;
            from.MoveNext();
            var (batch, keys) = WithoutLast(from.Current);
            yield return new LogSource((StringArray)keys, batch, shape, rule);
        }
    }

    /// <summary>The base rows in the order of their positions.</summary>
    public IEnumerable<BaseRows> ReadBase()
    {
        foreach (var found in bases?.Read() ?? [])
        {
            var (withKeys, positions) = WithoutLast(found);
            var (batch, keys) = WithoutLast(withKeys);
            yield return new BaseRows((StringArray)keys, batch, 0) { Positions = ((Int64Array)positions).Values.ToArray() };
        }
    }

    public void Dispose()
    {
        rows?.Dispose();
        deletes?.Dispose();
        bases?.Dispose();
    }

    private static RecordBatch With(RecordBatch batch, Field field, IArrowArray column) =>
        new(new Schema([.. batch.Schema.FieldsList, field], null), [.. batch.Arrays, column], batch.Length);

    private static (RecordBatch Batch, IArrowArray Last) WithoutLast(RecordBatch batch)
    {
        int count = batch.ColumnCount - 1;
        return (new RecordBatch(new Schema([.. batch.Schema.FieldsList.Take(count)], null), batch.Arrays.Take(count), batch.Length), batch.Column(count));
    }
}
