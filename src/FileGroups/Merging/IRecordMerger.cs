using Apache.Arrow;

namespace OllaLab.Lakehouse;

/// <summary>
/// A merge rule of a table's own, for tables whose merge mode is CUSTOM: the counterpart of Hudi's HoodieRecordMerger. Give it in <c>LakehouseOptions.RecordMergers</c>. It is used for
/// the rows of merge-on-read tables; deletes are not shown to it: a delete removes any earlier row, and any later row takes a delete's place.
/// </summary>
public interface IRecordMerger
{
    /// <summary>The id that tables name it by (<c>hoodie.record.merge.strategy.id</c>).</summary>
    Guid StrategyId { get; }

    /// <summary>The columns that it must see, which are read even where a query does not ask for them (HoodieRecordMerger.getMandatoryFieldsForMerging).</summary>
    IReadOnlyCollection<string> Columns { get; }

    /// <summary>Merges pairs of rows of one key each: row i of both batches. Called by several threads at once.</summary>
    /// <param name="older">The rows that are there: of the log so far, or of the base file.</param>
    /// <param name="newer">The rows that come; the same columns, among them <see cref="Columns"/> and those that the query asks for.</param>
    /// <returns>What becomes of each pair.</returns>
    RecordMergeResult Merge(RecordBatch older, RecordBatch newer);
}
