namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What merging needs to know of a batch's rows: ordering values and which are deletes. Made by <see cref="MergeRule"/>; reads the batch, so it must not outlive it.</summary>
internal sealed class MergeRows
{
    private readonly bool[]? deletes;
    private readonly bool allDeleted;

    internal MergeRows(OrderingColumn[] ordering, bool[]? deletes, bool allDeleted = false)
    {
        Ordering = ordering;
        this.deletes = deletes;
        this.allDeleted = allDeleted;
    }

    /// <summary>Rows of the delete operation, which have keys only: each removes its row whatever the ordering values are (DeleteRecord with the default ordering value 0).</summary>
    public static MergeRows KeyDeletes { get; } = new([], null, allDeleted: true);

    /// <summary>Whether any row is a delete: where not, the flags need not be asked.</summary>
    public bool HasDeletes => allDeleted || deletes is not null;

    internal OrderingColumn[] Ordering { get; }

    internal bool IsKeyDelete => allDeleted;

    public bool IsDelete(int row) => allDeleted || (deletes is not null && deletes[row]);
}
