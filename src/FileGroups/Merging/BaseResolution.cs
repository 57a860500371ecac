using System.Collections;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The merge of a merged log with the rows of its base file (finalMerge). Of several base rows with one key the first is merged and the others stay as they are, since Hudi takes a key's
/// record from its buffer when it meets it (KeyBasedFileGroupRecordBuffer.hasNextBaseRecord).
/// </summary>
internal sealed class BaseResolution(MergeRule rule, LogTable table)
{
    private readonly BitArray met = new(table.Count);
    private readonly List<int> changedKeys = [];
    private readonly List<long> positions = [];
    private int[] found = [];
    private long deleted;

    public void Meet(BaseRows rows)
    {
        if (found.Length < rows.Keys.Length)
        {
            found = new int[rows.Keys.Length];
        }

        if (table.FindAll(rows.Keys, found) == 0)
        {
            return;
        }

        var stored = rule.BindBase(rows.Rows);
        for (int row = 0; row < rows.Keys.Length; row++)
        {
            int key = found[row];
            if (key < 0 || met[key])
            {
                continue;
            }

            met[key] = true;
            if (table.Replaces(key, stored, row))
            {
                changedKeys.Add(key);
                positions.Add(rows.Position(row));
                deleted += table.IsDelete(key) ? 1 : 0;
            }
        }
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

        return new SliceChanges(
            [new TableRun(table, changedKeys, positions)], [new TableRun(table, inserted, null)], new ChangeCounts(changedKeys.Count - deleted, deleted, inserted.Count), table);
    }
}
