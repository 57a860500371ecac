using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Changes put aside on the disk.</summary>
internal sealed class SpilledRun : ChangeRun
{
    private readonly SpillFile file;
    private readonly Schema columns;

    private SpilledRun(SpillFile file, Schema columns)
    {
        this.file = file;
        this.columns = columns;
    }

    /// <summary>Writes changes out; null where there are none.</summary>
    public static SpilledRun? Create(IEnumerable<ChangedRows> changes, Schema columns, string? folder)
    {
        SpilledRun? run = null;
        try
        {
            foreach (var rows in changes)
            {
                run ??= new SpilledRun(new SpillFile(folder), columns);
                run.file.Write(Pack(rows));
            }
        }
        catch
        {
            run?.Dispose();
            throw;
        }

        return run;
    }

    public override IEnumerable<ChangedRows> Read() => file.Read().Select(Unpack);

    public override void Dispose() => file.Dispose();

    private static RecordBatch Pack(ChangedRows rows)
    {
        var deleted = new BooleanArray.Builder();
        deleted.AppendRange(rows.Deleted ?? new bool[rows.Length]);
        var schema = new Schema(
            [.. rows.Rows.Schema.FieldsList, new Field("key", StringType.Default, false), new Field("position", Int64Type.Default, false), new Field("deleted", BooleanType.Default, false)], null);
        return new RecordBatch(schema, [.. rows.Rows.Arrays, rows.Keys, new Int64Array.Builder().Append(rows.Positions).Build(), deleted.Build()], rows.Length);
    }

    private ChangedRows Unpack(RecordBatch batch)
    {
        int columnCount = columns.FieldsList.Count;
        var positions = ((Int64Array)batch.Column(columnCount + 1)).Values.ToArray();
        var flags = (BooleanArray)batch.Column(columnCount + 2);
        bool[]? deleted = null;
        for (int row = 0; row < flags.Length; row++)
        {
            if (flags.GetValue(row) == true)
            {
                (deleted ??= new bool[flags.Length])[row] = true;
            }
        }

        return new ChangedRows(new RecordBatch(columns, batch.Arrays.Take(columnCount), batch.Length), (StringArray)batch.Column(columnCount), positions, deleted);
    }
}
