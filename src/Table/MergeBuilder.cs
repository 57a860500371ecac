using Apache.Arrow;
using OllaLab.Lakehouse.Writing.Merging;

namespace OllaLab.Lakehouse;

/// <summary>
/// A merge of rows, the source, into a table, as SQL's MERGE INTO ... ON the table's key: what becomes of each source row whose key is stored, and of each whose key is not, in one commit. Of several clauses
/// the first whose condition holds applies; a row to which none applies changes nothing. Made by <see cref="LakehouseTable.Merge(IAsyncEnumerable{RecordBatch})"/>.
/// </summary>
/// <remarks>
/// Conditions and assignments name the source's columns as <c>source.NAME</c>, and where the key is stored those of the table as <c>target.NAME</c>. A row that an update makes takes the stored row's
/// place as the table's merge mode says, as in Hudi: with an ordering value below the stored one it loses.
/// </remarks>
public sealed class MergeBuilder
{
    private readonly LakehouseTable table;
    private readonly IAsyncEnumerable<RecordBatch> source;
    private readonly List<MergeClause> clauses = [];

    internal MergeBuilder(LakehouseTable table, IAsyncEnumerable<RecordBatch> source)
    {
        this.table = table;
        this.source = source;
    }

    /// <summary>The key is stored: the row is updated.</summary>
    /// <param name="condition">Which rows; null: all.</param>
    /// <param name="set">What columns are set to, not those of key and partition; null: each column that the source has too is set to the source's.</param>
    public MergeBuilder WhenMatchedUpdate(Predicate? condition = null, IReadOnlyDictionary<string, Assignment>? set = null) => Add(MergeAction.Update, Of(condition), set);

    /// <param name="condition">True for the rows among those of a batch.</param>
    /// <param name="set">As above.</param>
    /// <inheritdoc cref="WhenMatchedUpdate(Predicate?, IReadOnlyDictionary{string, Assignment}?)"/>
    public MergeBuilder WhenMatchedUpdate(Func<RecordBatch, BooleanArray> condition, IReadOnlyDictionary<string, Assignment>? set = null) => Add(MergeAction.Update, Of(condition), set);

    /// <summary>The key is stored: the row is deleted.</summary>
    /// <param name="condition">Which rows; null: all.</param>
    public MergeBuilder WhenMatchedDelete(Predicate? condition = null) => Add(MergeAction.Delete, Of(condition), null);

    /// <param name="condition">True for the rows among those of a batch.</param>
    /// <inheritdoc cref="WhenMatchedDelete(Predicate?)"/>
    public MergeBuilder WhenMatchedDelete(Func<RecordBatch, BooleanArray> condition) => Add(MergeAction.Delete, Of(condition), null);

    /// <summary>The key is not stored: a row is inserted.</summary>
    /// <param name="condition">Which rows; null: all.</param>
    /// <param name="set">The columns' values, where those of key and partition are the source's and what is not named is null; null: each column that the source has too is the source's.</param>
    public MergeBuilder WhenNotMatchedInsert(Predicate? condition = null, IReadOnlyDictionary<string, Assignment>? set = null) => Add(MergeAction.Insert, Of(condition), set);

    /// <param name="condition">True for the rows among those of a batch.</param>
    /// <param name="set">As above.</param>
    /// <inheritdoc cref="WhenNotMatchedInsert(Predicate?, IReadOnlyDictionary{string, Assignment}?)"/>
    public MergeBuilder WhenNotMatchedInsert(Func<RecordBatch, BooleanArray> condition, IReadOnlyDictionary<string, Assignment>? set = null) => Add(MergeAction.Insert, Of(condition), set);

    /// <summary>Merges. The table is read once, or once for each part of a source that does not fit in memory; for sources of few keys only the files that may hold them.</summary>
    /// <param name="options">As for other writes; null: the table handle's own. Columns that the table lacks are not added to it.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <returns>What was written, as an upsert; its <see cref="WriteResult.InputRows"/> are those that a clause applied to. Without a commit where there are none.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: no clause, no such column, one that cannot be set, a value that does not fit, two source rows of one key, a table without keys.
    /// <see cref="LakehouseErrorKind.Unsupported"/>: a source row's key is stored more than once. <see cref="LakehouseErrorKind.Conflict"/>: another writer changed the same files; repeat the merge.
    /// In all of them the table is as before.
    /// </exception>
    public Task<WriteResult> ExecuteAsync(WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        var write = options ?? table.Options.Write;
        return clauses.Count == 0
            ? throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The merge has no clause", table.Location, remedy: "Say what becomes of rows that match, or do not")
            : table.WriteDerivedAsync(WriteOperation.Upsert, new MergedRows(table, source, [.. clauses], write).RunAsync(cancellationToken), write, cancellationToken);
    }

    private static Func<RecordBatch, BooleanArray>? Of(Predicate? condition) => condition is null ? null : rows => condition.Bind(rows.Schema).Select(rows);

    private static Func<RecordBatch, BooleanArray> Of(Func<RecordBatch, BooleanArray> condition) => condition ?? throw new ArgumentNullException(nameof(condition));

    private MergeBuilder Add(MergeAction action, Func<RecordBatch, BooleanArray>? condition, IReadOnlyDictionary<string, Assignment>? set)
    {
        clauses.Add(new MergeClause(action, condition, set));
        return this;
    }
}
