using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Changes that are kept as they are made: in memory up to a limit, past it on the disk.</summary>
/// <param name="columns">The columns of their rows.</param>
/// <param name="memory">Bytes to keep in memory.</param>
/// <param name="folder">Where the file goes; null for the system's temporary folder.</param>
internal sealed class ChangeSpool(Schema columns, long memory, string? folder) : ChangeRun
{
    private readonly List<ChangedRows> held = [];
    private SpillFile? file;
    private long bytes;

    public void Add(ChangedRows rows)
    {
        bytes += ArrowSize.Bytes(rows.Rows) + ArrowSize.Bytes(rows.Keys) + (9L * rows.Length);
        if (bytes <= memory)
        {
            held.Add(rows);
            return;
        }

        file ??= new SpillFile(folder);
        foreach (var earlier in held)
        {
            file.Write(Pack(earlier));
        }

        held.Clear();
        file.Write(Pack(rows));
    }

    /// <summary>Adds all of them.</summary>
    public ChangeSpool AddAll(IEnumerable<ChangedRows> changes)
    {
        foreach (var rows in changes)
        {
            Add(rows);
        }

        return this;
    }

    public override IEnumerable<ChangedRows> Read() => file is null ? held : file.Read().Select(Unpack);

    public override void Dispose() => file?.Dispose();

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
