using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Rows of the log are filled from those of the base file, and the other way round: the rows are made while the base file's batch is at hand.</summary>
/// <param name="kind">What counts as missing.</param>
internal sealed class FilledRowResolution(LogMergeContext context, LogTable table, FillKind kind) : BaseResolution(context, table)
{
    private readonly LogMergeContext context = context;
    private readonly ChangeSpool changes = new(context.Columns, context.MemoryBudget / 2, context.SpillFolder);
    private readonly List<int> keys = [];
    private readonly List<long> positions = [];
    private RowPlaces places = new();
    private RecordBatch? stored;
    private bool[]? deleted;

    protected override void Begin(BaseRows rows)
    {
        keys.Clear();
        positions.Clear();
        places = new RowPlaces();
        deleted = null;
        stored = new RecordBatch(context.Columns, context.Columns.FieldsList.Select(f => rows.Rows.Column(f.Name)), rows.Rows.Length);
    }

    protected override void Merge(int key, BaseRows rows, int row, bool logWins)
    {
        long place = ((long)Table.SourceCount << 32) | (uint)row;
        bool isDelete = Table.IsDelete(key);
        if (logWins)
        {
            Table.CopyTo(key, places);
            if (!isDelete)
            {
                places.Fill(place, kind);
            }
        }
        else if (!isDelete && context.Rule.LoserFills && (context.Rule.LatestMetaColumns || IsAnyMissing(row)))
        {
            places.Begin(place, Table.MetaPlace(key));
            Table.CopyTo(key, places, kind);
        }
        else
        {
            return;
        }

        keys.Add(key);
        positions.Add(rows.Position(row));
        if (isDelete)
        {
            (deleted ??= new bool[rows.Length])[keys.Count - 1] = true;
            Deleted++;
        }
        else
        {
            Updated++;
        }
    }

    protected override void End(BaseRows rows)
    {
        if (keys.Count > 0)
        {
            changes.Add(new ChangedRows(Table.Gather(places, stored), Table.KeysOf(CollectionsMarshal.AsSpan(keys)), [.. positions], deleted?[..keys.Count]));
        }
    }

    protected override ChangeRun Changes() => changes;

    private bool IsAnyMissing(int row)
    {
        for (int c = 0; c < stored!.ColumnCount; c++)
        {
            if (context.FillRule.IsMissing(kind, c, stored.Column(c), row, null))
            {
                return true;
            }
        }

        return false;
    }
}
