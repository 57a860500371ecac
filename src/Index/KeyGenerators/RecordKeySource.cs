using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes the record keys of a batch.</summary>
internal abstract class RecordKeySource
{
    public abstract IReadOnlyList<string> Fields { get; }

    public abstract StringArray Generate(RecordBatch data, long firstRow);

    protected static LakehouseException Refused(string problem, long row) =>
        new(LakehouseErrorKind.InvalidInput, $"{problem} in row {row + 1}", remedy: "Give every row a value for its record key");
}
