using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Rows of the log are merged with those of the base file by an <see cref="IRecordMerger"/>.</summary>
internal sealed class PairResolution(LogMergeContext context, LogTable table) : BaseResolution(context, table)
{
    private readonly LogMergeContext context = context;
    private readonly ChangeSpool changes = new(context.Columns, context.MemoryBudget / 2, context.SpillFolder);
    private readonly List<(int Key, long Position, int Pair)> met = [];
    private PairMerge pairs = new(context.Rule.Merger!, context.Columns);

    protected override void Begin(BaseRows rows)
    {
        met.Clear();
        pairs = new PairMerge(context.Rule.Merger!, context.Columns);
    }

    protected override void Merge(int key, BaseRows rows, int row, bool logWins)
    {
        bool isDelete = Table.IsDelete(key);
        met.Add((key, rows.Position(row), isDelete ? -1 : pairs.Count));
        if (!isDelete)
        {
            pairs.Add(key, ((long)Table.SourceCount << 32) | (uint)row, Table.Place(key));
        }
    }

    protected override void End(BaseRows rows)
    {
        var stored = new RecordBatch(context.Columns, context.Columns.FieldsList.Select(f => rows.Rows.Column(f.Name)), rows.Rows.Length);
        var later = Kernels.EmptyBatch(context.Columns);
        if (pairs.Count > 0)
        {
            later = Table.Gather(pairs.Newer, null);
            pairs.Run(Table.Gather(pairs.Older, stored), later);
        }

        var chosen = met.Where(m => Choice(m.Pair) != RecordMergeChoice.Older).ToList();
        if (chosen.Count == 0)
        {
            return;
        }

        var combined = pairs.Count > 0 && Enumerable.Range(0, pairs.Count).Any(p => pairs.Choice(p) == RecordMergeChoice.Combined) ? pairs.Combine([.. Enumerable.Range(0, pairs.Count)]) : later;
        bool[] deleted = [.. chosen.Select(m => Choice(m.Pair) == RecordMergeChoice.Delete)];
        int[] source = [.. chosen.Select(m => Choice(m.Pair) == RecordMergeChoice.Combined ? 1 : 0)];
        int[] row = [.. chosen.Select((m, i) => deleted[i] ? -1 : m.Pair)];
        int goes = deleted.Count(d => d);
        Deleted += goes;
        Updated += chosen.Count - goes;
        changes.Add(new ChangedRows(
            Kernels.Interleave([later, combined], source, row), Table.KeysOf([.. chosen.Select(m => m.Key)]), [.. chosen.Select(m => m.Position)], goes > 0 ? deleted : null));
    }

    protected override ChangeRun Changes() => changes;

    private RecordMergeChoice Choice(int pair) => pair < 0 ? RecordMergeChoice.Delete : pairs.Choice(pair);
}
