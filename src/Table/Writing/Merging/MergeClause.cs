using Apache.Arrow;

namespace OllaLab.Lakehouse.Writing.Merging;

/// <summary>What a clause of a merge does.</summary>
internal enum MergeAction
{
    Update,
    Delete,
    Insert,
}

/// <summary>One clause of a merge.</summary>
/// <param name="Action">What it does; an insert is for keys that are not stored, the others for those that are.</param>
/// <param name="Condition">For which rows of a batch; null: all.</param>
/// <param name="Set">What columns are set to; null: the source's columns of the same names.</param>
internal sealed record MergeClause(MergeAction Action, Func<RecordBatch, BooleanArray>? Condition, IReadOnlyDictionary<string, Assignment>? Set)
{
    /// <summary>The rows of a batch that it applies to.</summary>
    public int[] Choose(RecordBatch rows)
    {
        if (Condition is null)
        {
            return [.. Enumerable.Range(0, rows.Length)];
        }

        var holds = Condition(rows);
        return holds.Length == rows.Length
            ? [.. Enumerable.Range(0, rows.Length).Where(i => holds.GetValue(i) == true)]
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A condition gave {holds.Length} answers for {rows.Length} rows", remedy: "Give one answer for each row");
    }
}
