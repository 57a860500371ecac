namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>One incoming row of the model tests' table.</summary>
internal sealed record Row(string Id, string Part, long Ts, string? Text, int? Number, bool? Deleted)
{
    public static readonly Apache.Arrow.Schema Schema = new(
    [
        new("id", StringType.Default, false),
        new("part", StringType.Default, false),
        new("ts", Int64Type.Default, false),
        new("text", StringType.Default, true),
        new("number", Int32Type.Default, true),
        new("_hoodie_is_deleted", BooleanType.Default, true),
    ], null);

    public bool IsDelete => Deleted == true;

    /// <summary>Whether a column holds its default, null.</summary>
    public bool Lacks => Text is null || Number is null || Deleted is null;

    /// <summary>The row with the other's values where it has none (IGNORE_DEFAULTS).</summary>
    public Row FilledFrom(Row other) => this with { Text = Text ?? other.Text, Number = Number ?? other.Number, Deleted = Deleted ?? other.Deleted };

    public static RecordBatch ToBatch(IReadOnlyCollection<Row> rows)
    {
        var (id, part, ts, text, number, deleted) = (new StringArray.Builder(), new StringArray.Builder(), new Int64Array.Builder(), new StringArray.Builder(), new Int32Array.Builder(), new BooleanArray.Builder());
        foreach (var row in rows)
        {
            id.Append(row.Id);
            part.Append(row.Part);
            ts.Append(row.Ts);
            _ = row.Text is { } t ? text.Append(t) : text.AppendNull();
            _ = row.Number is { } n ? number.Append(n) : number.AppendNull();
            _ = row.Deleted is { } d ? deleted.Append(d) : deleted.AppendNull();
        }

        return new RecordBatch(Schema, [id.Build(), part.Build(), ts.Build(), text.Build(), number.Build(), deleted.Build()], rows.Count);
    }

    /// <summary>The same rows in batches of some size.</summary>
    public static IEnumerable<RecordBatch> ToBatches(IEnumerable<Row> rows, int size) => rows.Chunk(size).Select(ToBatch);
}

/// <summary>A row as it is stored.</summary>
/// <param name="Data">Its data columns.</param>
/// <param name="Commit">The instant of the commit that wrote it last.</param>
internal sealed record StoredRow(Row Data, string Commit);
