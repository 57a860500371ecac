using System.Collections;
using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The merge of a merged log with the rows of its base file (finalMerge). Of several base rows with one key the first is merged and the others stay as they are, since Hudi takes a key's
/// record from its buffer when it meets it (KeyBasedFileGroupRecordBuffer.hasNextBaseRecord), unless <see cref="LogMergeContext.MeetsEveryRow"/>.
/// </summary>
internal abstract class BaseResolution(LogMergeContext context, LogTable table)
{
    private readonly BitArray met = new(table.Count);
    private int[] found = [];

    protected LogTable Table => table;

    protected long Updated { get; set; }

    protected long Deleted { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Meet(BaseRows rows)
    {
        if (found.Length < rows.Length)
        {
            found = new int[rows.Length];
        }

        int count = rows.Keys is null ? context.Positions!.Find(rows.FirstPosition, found.AsSpan(0, rows.Length)) : table.FindAll(rows.Keys, found);
        if (count == 0)
        {
            return;
        }

        var stored = context.Rule.BindBase(rows.Rows);
        Begin(rows);
        for (int row = 0; row < rows.Length; row++)
        {
            int key = found[row];
            if (key >= 0 && (context.MeetsEveryRow || !met[key]))
            {
                met[key] = true;
                Merge(key, rows, row, table.Replaces(key, stored, row));
            }
        }

        End(rows);
    }

    /// <summary>The changes, which own the table from here on.</summary>
    public SliceChanges Finish()
    {
        var inserted = new List<int>();
        for (int key = 0; key < table.Count; key++)
        {
            if (!met[key] && !table.IsDelete(key))
            {
                inserted.Add(key);
            }
        }

        return new SliceChanges([Changes()], [new TableRun(table, inserted, null)], new ChangeCounts(Updated, Deleted, inserted.Count), table);
    }

    protected virtual void Begin(BaseRows rows)
    {
    }

    /// <summary>A base row whose key the log has.</summary>
    protected abstract void Merge(int key, BaseRows rows, int row, bool logWins);

    protected virtual void End(BaseRows rows)
    {
    }

    protected abstract ChangeRun Changes();
}
