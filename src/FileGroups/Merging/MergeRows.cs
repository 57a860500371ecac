namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What merging needs to know of a batch's rows: ordering values and which are deletes. Made by <see cref="MergeRule"/>; reads the batch, so it must not outlive it.</summary>
internal sealed class MergeRows
{
    private readonly bool[]? deletes;
    private readonly bool allDeleted;

    internal MergeRows(OrderingColumn[] ordering, bool[]? deletes, bool allDeleted = false, bool nullsGiveWay = false)
    {
        Ordering = ordering;
        this.deletes = deletes;
        this.allDeleted = allDeleted;
        NullsGiveWay = nullsGiveWay;
    }

    /// <summary>Rows of the delete operation, which have keys only: each removes its row whatever the ordering values are (DeleteRecord with the default ordering value 0).</summary>
    public static MergeRows KeyDeletes { get; } = new([], null, allDeleted: true);

    /// <summary>Whether any row is a delete: where not, the flags need not be asked.</summary>
    public bool HasDeletes => allDeleted || deletes is not null;

    /// <summary>Whether a row without an ordering value is older than any that has one; else the two cannot be compared.</summary>
    internal bool NullsGiveWay { get; }

    internal OrderingColumn[] Ordering { get; }

    public bool IsDelete(int row) => allDeleted || (deletes is not null && deletes[row]);

    /// <summary>Whether the row is a delete without an ordering value (in Hudi the Integer 0): it wins over all that is older, and loses to all that is newer (BufferedRecord.isCommitTimeOrderingDelete).</summary>
    public bool IsCommitTimeDelete(int row)
    {
        if (!IsDelete(row))
        {
            return false;
        }

        foreach (var column in Ordering)
        {
            if (!column.HasNulls || !column.IsNull(row))
            {
                return false;
            }
        }

        return true;
    }
}
