namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Changes whose rows lie in the merged log, gathered when they are read.</summary>
/// <param name="table">The merged log; not disposed with this.</param>
/// <param name="keys">The numbers of their keys.</param>
/// <param name="positions">Their positions; null: new rows.</param>
internal sealed class TableRun(LogTable table, IReadOnlyList<int> keys, IReadOnlyList<long>? positions) : ChangeRun
{
    private const int BatchRows = 16_384;

    public override IEnumerable<ChangedRows> Read()
    {
        for (int from = 0; from < keys.Count; from += BatchRows)
        {
            int count = Math.Min(BatchRows, keys.Count - from);
            var chosen = new int[count];
            var at = new long[count];
            for (int i = 0; i < count; i++)
            {
                chosen[i] = keys[from + i];
                at[i] = positions is null ? IncomingRows.Insert : positions[from + i];
            }

            yield return table.Gather(chosen, at);
        }
    }
}
