using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Pairs of rows for an <see cref="IRecordMerger"/>, and what it makes of them. A place is a source's number and a row in it, in 32 bits each.</summary>
internal sealed class PairMerge(IRecordMerger merger, Schema columns)
{
    private readonly List<int> keys = [];
    private readonly List<long> newer = [];
    private RecordMergeResult? result;

    public int Count => keys.Count;

    /// <summary>The numbers of the pairs' keys.</summary>
    public IReadOnlyList<int> Keys => keys;

    public RowPlaces Older { get; } = new();

    public RowPlaces Newer { get; } = new();

    public void Add(int key, long older, long later)
    {
        keys.Add(key);
        newer.Add(later);
        Older.Begin(older, older);
        Newer.Begin(later, later);
    }

    public long NewerPlace(int pair) => newer[pair];

    /// <exception cref="LakehouseException">InvalidInput: the merger's answer does not fit what it was asked.</exception>
    public void Run(RecordBatch older, RecordBatch later)
    {
        result = merger.Merge(older, later);
        if (result.Choices.Count != Count)
        {
            throw Bad($"gave {result.Choices.Count} choices for {Count} pairs");
        }

        if (result.Choices.Contains(RecordMergeChoice.Combined))
        {
            var combined = result.Combined ?? throw Bad("combined rows and gave none");
            if (combined.Length != Count || combined.ColumnCount != columns.FieldsList.Count)
            {
                throw Bad($"gave {combined.Length} rows of {combined.ColumnCount} columns where {Count} of {columns.FieldsList.Count} were due");
            }

            for (int c = 0; c < combined.ColumnCount; c++)
            {
                if (!ArrowTypes.Same(combined.Column(c).Data.DataType, columns.FieldsList[c].DataType))
                {
                    throw Bad($"gave the column '{columns.FieldsList[c].Name}' the type {ArrowTypes.Text(combined.Column(c).Data.DataType)}");
                }
            }
        }
    }

    public RecordMergeChoice Choice(int pair) => result!.Choices[pair];

    /// <summary>The rows that were made for some pairs.</summary>
    public RecordBatch Combine(int[] pairs) => new(columns, Kernels.Take(result!.Combined!, pairs).Arrays, pairs.Length);

    private LakehouseException Bad(string what) => new(LakehouseErrorKind.InvalidInput, $"The record merger {merger.StrategyId} {what}", remedy: "Answer every pair, with rows of the columns given");
}
