using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Reading;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Batches of a change feed as objects.</summary>
internal sealed class ChangeObjects<T>(ChangeColumns columns)
{
    private readonly RecordReader<T> before = RecordReader<T>.Create(columns.Data.FieldsList);
    private readonly RecordReader<T> after = RecordReader<T>.Create(columns.Data.FieldsList);

    public IEnumerable<Change<T>> Read(RecordBatch batch)
    {
        var operations = (StringArray)batch.Column(0);
        var times = (StringArray)batch.Column(1);
        var (was, now) = ((StructArray)batch.Column(2), (StructArray)batch.Column(3));
        before.Bind(Rows(was));
        after.Bind(Rows(now));
        for (var row = 0; row < batch.Length; row++)
        {
            yield return new Change<T>(
                Kind(operations.GetString(row)),
                times.GetString(row),
                was.IsNull(row) ? default : before.Read(row),
                now.IsNull(row) ? default : after.Read(row));
        }
    }

    private static RecordBatch Rows(StructArray structs) => new(new Schema(((StructType)structs.Data.DataType).Fields, null), structs.Fields, structs.Length);

    private static ChangeKind Kind(string operation) => operation switch
    {
        ChangeColumns.Inserted => ChangeKind.Inserted,
        ChangeColumns.Updated => ChangeKind.Updated,
        ChangeColumns.Deleted => ChangeKind.Deleted,
        _ => throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The change data holds an operation '{operation}'", remedy: "Restore the change data file"),
    };
}
