using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Which of two rows with one key stays, in base files (org.apache.hudi.common.table.read.BufferedRecordMergerFactory; each outcome below was tried with Hudi 1.2.0, the same for
/// table versions 6, 8 and 9).
/// <list type="bullet">
/// <item>COMMIT_TIME_ORDERING: the later row, whatever its ordering value; a later delete deletes.</item>
/// <item>EVENT_TIME_ORDERING: the greater ordering value, of equal ones the later row; this holds for rows flagged as deletes too: one with a lower value than the stored row's changes
/// nothing, and among the rows of one batch (20, row), (20, delete) deletes, (20, delete), (20, row) writes, (30, delete), (20, row) deletes.</item>
/// <item>The delete operation (keys only) always deletes.</item>
/// <item>Several ordering fields are compared one after another.</item>
/// <item>Null ordering values: Hudi stores such a row when its key is new, and fails each later write to that key. Here a row without a value is refused where values decide (<see cref="Bind"/>),
/// and a stored row without one gives way to any row that has one, so that such a table can be mended. In logs such a row is an error where it meets one that has a value, as it is in Hudi.</item>
/// </list>
/// </summary>
internal sealed class MergeRule
{
    private readonly MergeBehavior behavior;
    private readonly DeleteMarker marker;

    private MergeRule(MergeBehavior behavior, DeleteMarker marker)
    {
        this.behavior = behavior;
        this.marker = marker;
    }

    /// <summary>The columns whose values decide: those of stored rows must be read to merge. Empty where the later row always wins.</summary>
    public IReadOnlyList<string> OrderingColumns => behavior.OrderingFields;

    /// <inheritdoc cref="MergeBehavior.Fill"/>
    public FillKind Fill => behavior.Fill;

    /// <inheritdoc cref="MergeBehavior.Merger"/>
    public IRecordMerger? Merger => behavior.Merger;

    /// <inheritdoc cref="MergeBehavior.UnavailableMarker"/>
    public string? UnavailableMarker => behavior.UnavailableMarker;

    /// <inheritdoc cref="MergeBehavior.LoserFills"/>
    public bool LoserFills => behavior.LoserFills;

    /// <inheritdoc cref="MergeBehavior.DeletesIgnoreOrder"/>
    public bool DeletesIgnoreOrder => behavior.DeletesIgnoreOrder;

    /// <inheritdoc cref="MergeBehavior.LatestMetaColumns"/>
    public bool LatestMetaColumns => behavior.LatestMetaColumns;

    /// <summary>All columns that a row of a log must have read for it to be merged, of which a table may lack those that mark deletes.</summary>
    public IEnumerable<string> LogColumns => OrderingColumns.Concat(marker.Columns).Concat(Merger?.Columns ?? []).Distinct();

    /// <summary>The columns by which a row says that it is a delete, of which a table may lack any.</summary>
    public IReadOnlyList<string> DeleteColumns => marker.Columns;

    /// <summary>The rule of a table.</summary>
    /// <param name="config">Its properties.</param>
    /// <param name="options">A writer's options, for delete markers that a table of an older version does not store.</param>
    /// <param name="mergers">Merge rules of the caller's own.</param>
    /// <exception cref="LakehouseException">Unsupported: a custom merge mode or payload class, by name.</exception>
    public static MergeRule Create(TableConfig config, IReadOnlyDictionary<string, string>? options = null, IReadOnlyList<IRecordMerger>? mergers = null)
    {
        var behavior = MergeBehavior.Of(config, mergers ?? []);
        return new MergeRule(behavior, new DeleteMarker(config, behavior.Delete, options));
    }

    /// <summary>The rule for rows of one key in one write's input.</summary>
    public MergeRule Duplicates => behavior.Duplicates is { } other ? new MergeRule(other, marker) : this;

    /// <summary>The rule for stored rows and those that come in where a write rewrites a base file.</summary>
    public MergeRule Rewriting => behavior.Rewriting is { } other ? new MergeRule(other, marker) : this;

    /// <summary>Whether one of two rows stays as it is; otherwise a new row is made of both.</summary>
    public bool KeepsWholeRows => Merger is null && Fill == FillKind.None && !behavior.LatestMetaColumns;

    /// <summary>Refuses, by name, a rule that rows are not written by.</summary>
    /// <exception cref="LakehouseException">Unsupported.</exception>
    public void RequireWritable(TableConfig config)
    {
        if (Merger is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A record merger is used for logs only, and {ConfigKeys.MergeStrategyId}={config.Merge.StrategyId} asks for one", config.Root, TableConfig.Path,
                remedy: "Write the table with Apache Hudi");
        }
    }

    /// <summary>Prepares the rows of a batch, which has the <see cref="OrderingColumns"/> and, if the table has them, the columns that mark deletes.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="requireOrdering">Refuses rows without an ordering value, naming column and row: for incoming rows of an upsert.</param>
    /// <param name="firstRow">How many rows of the input came before.</param>
    public MergeRows Bind(RecordBatch rows, bool requireOrdering, long firstRow = 0)
    {
        var ordering = new OrderingColumn[OrderingColumns.Count];
        for (int i = 0; i < ordering.Length; i++)
        {
            ordering[i] = Column(rows, OrderingColumns[i]);
            if (requireOrdering && ordering[i].HasNulls)
            {
                RefuseNulls(ordering[i], rows.Length, OrderingColumns[i], firstRow);
            }
        }

        return new MergeRows(ordering, marker.Find(rows));
    }

    /// <summary>Prepares the stored rows of a copy-on-write merge: none of them is a delete; one without an ordering value gives way.</summary>
    public MergeRows BindStored(RecordBatch rows) => new(Ordering(rows), null, nullsGiveWay: true);

    /// <summary>Prepares the base file's rows for a merge with its logs: none of them is a delete.</summary>
    public MergeRows BindBase(RecordBatch rows) => new(Ordering(rows), null);

    /// <summary>Prepares the records of a delete block.</summary>
    /// <param name="ordering">The <see cref="OrderingColumns"/>; null in all of them for a delete that has no ordering value.</param>
    public MergeRows BindDeletes(RecordBatch ordering) => new(Ordering(ordering), null, allDeleted: true);

    /// <summary>Whether the row that came later takes the place of one that came earlier, either of which may be a delete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Replaces(MergeRows later, int laterRow, MergeRows earlier, int earlierRow) =>
        (behavior.DeletesIgnoreOrder && (later.IsDelete(laterRow) || earlier.IsDelete(earlierRow)))
        || later.IsCommitTimeDelete(laterRow) || earlier.IsCommitTimeDelete(earlierRow) || Compare(later, laterRow, earlier, earlierRow) >= 0;

    /// <summary>
    /// Whether a record of a delete block takes the place of what the log says of its key so far. Not the same as <see cref="Replaces"/> (BufferedRecordMergerFactory.deltaMergeDeleteRecord):
    /// a delete without ordering value stays, and against a row without one the delete wins.
    /// </summary>
    public bool DeleteReplaces(MergeRows deletes, int row, MergeRows earlier, int earlierRow) =>
        behavior.DeletesIgnoreOrder
        || (!earlier.IsCommitTimeDelete(earlierRow)
        && (deletes.IsCommitTimeDelete(row) || LacksOrdering(earlier, earlierRow) || Compare(deletes, row, earlier, earlierRow) >= 0));

    /// <summary>What becomes of a stored row when another comes in under its key. For a key that is not stored: a delete does nothing, any other row is inserted.</summary>
    public MergeDecision Decide(MergeRows incoming, int row, MergeRows stored, int storedRow) =>
        !Replaces(incoming, row, stored, storedRow) ? MergeDecision.Keep
        : incoming.IsDelete(row) ? MergeDecision.Delete
        : MergeDecision.Replace;

    private static bool LacksOrdering(MergeRows rows, int row)
    {
        foreach (var column in rows.Ordering)
        {
            if (column.HasNulls && column.IsNull(row))
            {
                return true;
            }
        }

        return false;
    }

    // Field by field. A missing value is Hudi's Integer 0: the same as another missing one, and not comparable with a value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Compare(MergeRows later, int laterRow, MergeRows earlier, int earlierRow)
    {
        for (int i = 0; i < later.Ordering.Length; i++)
        {
            var left = later.Ordering[i];
            var right = earlier.Ordering[i];
            bool leftNull = left.HasNulls && left.IsNull(laterRow);
            bool rightNull = right.HasNulls && right.IsNull(earlierRow);
            if ((leftNull || rightNull) && behavior.LaterWinsWithoutOrdering)
            {
                return 1;
            }

            if (leftNull != rightNull && !(rightNull && earlier.NullsGiveWay))
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Two rows of one key cannot be ordered: the ordering column '{OrderingColumns[i]}' is null in one of them, and not in the other",
                    remedy: "Roll back the commit that wrote the row without a value; where that is the base file's row, delete the key and write its row anew");
            }

            int order = leftNull || rightNull ? rightNull.CompareTo(leftNull) : left.Compare(laterRow, right, earlierRow);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private OrderingColumn[] Ordering(RecordBatch rows) => [.. OrderingColumns.Select(name => Column(rows, name))];

    private OrderingColumn Column(RecordBatch rows, string name)
    {
        int index = rows.Schema.GetFieldIndex(name);
        return index >= 0 ? (behavior.OrdersByBinlog ? OrderingColumn.OfBinlog(rows.Column(index), name) : OrderingColumn.Of(rows.Column(index), name))
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The input has no column '{name}', which orders the table's rows", remedy: "Add the column");
    }

    private static void RefuseNulls(OrderingColumn column, int length, string name, long firstRow)
    {
        for (int row = 0; row < length; row++)
        {
            if (column.IsNull(row))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The ordering column '{name}' is null in row {firstRow + row + 1}",
                    remedy: "Give every row an ordering value; to delete by key alone use the delete operation");
            }
        }
    }
}
