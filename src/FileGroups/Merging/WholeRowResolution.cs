namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Whole rows replace whole rows: of the base file only positions are kept.</summary>
internal sealed class WholeRowResolution(LogMergeContext context, LogTable table) : BaseResolution(context, table)
{
    private readonly List<int> keys = [];
    private readonly List<long> positions = [];

    protected override void Merge(int key, BaseRows rows, int row, bool logWins)
    {
        if (!logWins)
        {
            return;
        }

        keys.Add(key);
        positions.Add(rows.Position(row));
        if (Table.IsDelete(key))
        {
            Deleted++;
        }
        else
        {
            Updated++;
        }
    }

    protected override ChangeRun Changes() => new TableRun(Table, keys, positions);
}
