using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Incoming rows merged column by column with the stored rows that they meet, where a table asks for partial updates (PartialUpdateHandler, or the payload class, in
/// HoodieWriteMergeHandle). All columns of the stored rows are held meanwhile.
/// </summary>
/// <param name="rule">How rows of one key are merged.</param>
/// <param name="table">The table's schema.</param>
/// <param name="changes">Rows by position.</param>
internal sealed class FilledChanges(MergeRule rule, TableSchema table, IEnumerable<IncomingRows> changes) : IDisposable
{
    private readonly FillRule fill = new(rule, table, table.Arrow);
    private readonly IncomingCursor cursor = new(changes);

    /// <summary>What takes the place of stored rows, or deletes them.</summary>
    /// <param name="stored">The stored rows, which follow those of the call before.</param>
    /// <param name="firstRow">Position of the first of them.</param>
    public async ValueTask<IReadOnlyList<IncomingRows>> NextAsync(StoredColumns stored, long firstRow)
    {
        var met = cursor.TakeBefore(firstRow + stored.Length);
        if (met.Count == 0)
        {
            return [];
        }

        var columns = new List<IArrowArray>();
        foreach (var field in table.Arrow.FieldsList)
        {
            columns.Add(await stored.ReadAsync(field));
        }

        return Merge(met, new RecordBatch(table.Arrow, columns, stored.Length), firstRow) is { } merged ? [merged] : [];
    }

    public void Dispose() => cursor.Dispose();

    private IncomingRows? Merge(List<IncomingRows> met, RecordBatch before, long firstRow)
    {
        var stored = rule.BindStored(before);
        var places = new RowPlaces();
        var (source, row, positions, deleted) = (new List<int>(), new List<int>(), new List<long>(), new List<bool>());
        for (var s = 0; s < met.Count; s++)
        {
            var incoming = rule.Bind(met[s].Data, requireOrdering: false);
            for (var r = 0; r < met[s].Length; r++)
            {
                var at = (int)(met[s].Positions[r] - firstRow);
                var decision = met[s].Deleted is { } gone && gone[r] ? MergeDecision.Delete : rule.Decide(incoming, r, stored, at);
                if (!Add(places, decision, Place(s, r), Place(met.Count, at), incoming.HasDeletes && incoming.IsDelete(r), () => IsAnyMissing(before, at)))
                {
                    continue;
                }

                source.Add(s);
                row.Add(r);
                positions.Add(met[s].Positions[r]);
                deleted.Add(decision == MergeDecision.Delete);
            }
        }

        if (positions.Count == 0)
        {
            return null;
        }

        List<RecordBatch> batches = [.. met.Select(m => m.Data), before];
        var rows = RowGather.Run(table.Arrow, batches, new bool[]?[batches.Count], places, fill, latestMeta: false);
        var keys = (StringArray)Kernels.Interleave([.. met.Select(m => (IArrowArray)m.Keys)], source.ToArray(), row.ToArray());
        return IncomingRows.Filled(rows, keys, [.. positions], [.. deleted]);
    }

    // Whether the stored row changes; if so, what it becomes is added.
    private bool Add(RowPlaces places, MergeDecision decision, long incoming, long stored, bool isDelete, Func<bool> storedLacks)
    {
        switch (decision)
        {
            case MergeDecision.Delete:
                places.Begin(-1, -1);
                return true;
            case MergeDecision.Replace:
                places.Begin(incoming, -1);
                places.Fill(stored, rule.Fill);
                return true;
            default:
                if (isDelete || !rule.LoserFills || !(rule.LatestMetaColumns || storedLacks()))
                {
                    return false;
                }

                places.Begin(stored, -1);
                places.Fill(incoming, rule.Fill);
                return true;
        }
    }

    private bool IsAnyMissing(RecordBatch rows, int row) => Enumerable.Range(0, rows.ColumnCount).Any(c => fill.IsMissing(rule.Fill, c, rows.Column(c), row, null));

    private static long Place(int source, int row) => ((long)source << 32) | (uint)row;
}
