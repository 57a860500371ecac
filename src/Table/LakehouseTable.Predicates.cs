using Apache.Arrow;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Deletes the rows that a condition selects, in one commit, as Hudi's DELETE FROM does: by their keys, so that other rows of the same key go too where a key is stored twice.</summary>
    /// <param name="where">Which rows; it prunes partitions and files.</param>
    /// <param name="options">As for other writes; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <returns>What was written; without a commit where no row is selected.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: no such column, or a table without keys. <see cref="LakehouseErrorKind.Conflict"/>: another writer changed the same files; repeat it.
    /// </exception>
    public Task<WriteResult> DeleteAsync(Predicate where, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(where);
        options ??= Options.Write;
        return WriteDerivedAsync(WriteOperation.Delete, new SelectedRows(this, where, options).KeysAsync(cancellationToken), options, cancellationToken);
    }

    /// <summary>Sets columns of the rows that a condition selects, in one commit, as Hudi's UPDATE does: an upsert of the changed rows by their keys.</summary>
    /// <param name="where">Which rows; null: all.</param>
    /// <param name="set">Columns with what they are set to, all computed of the rows as they are stored. Not columns of the key or partition, nor those that order rows.</param>
    /// <param name="options">As for other writes; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <returns>What was written; without a commit where no row is selected.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: no such column, one that cannot be set, or a value that does not fit. <see cref="LakehouseErrorKind.Conflict"/>: another writer changed the same files; repeat it.
    /// </exception>
    public Task<WriteResult> UpdateAsync(Predicate? where, IReadOnlyDictionary<string, Assignment> set, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        return UpdateAsync(where, [.. set.Keys], rows => ValueTask.FromResult<IReadOnlyDictionary<string, IArrowArray>>(set.ToDictionary(s => s.Key, s => s.Value.Apply(rows))), options, cancellationToken);
    }

    /// <summary>Merges rows into the table by its key: say by clauses what becomes of those whose key is stored, and of the others, then execute it.</summary>
    /// <param name="source">Rows with the columns that make the table's key and partition, and any others, all batches of the same. They may be disposed once the merge is executed, not before.</param>
    public MergeBuilder Merge(IAsyncEnumerable<RecordBatch> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new MergeBuilder(this, source);
    }

    /// <inheritdoc cref="Merge(IAsyncEnumerable{RecordBatch})"/>
    public MergeBuilder Merge(IEnumerable<RecordBatch> source) => Merge(source.ToAsyncEnumerable());

    /// <param name="where">Which rows; null: all.</param>
    /// <param name="columns">What is set.</param>
    /// <param name="compute">The columns' values for a batch of all data columns.</param>
    /// <param name="options">As for other writes.</param>
    /// <param name="cancellationToken">Gives the write up.</param>
    internal Task<WriteResult> UpdateAsync(
        Predicate? where, IReadOnlyCollection<string> columns, Func<RecordBatch, ValueTask<IReadOnlyDictionary<string, IArrowArray>>> compute, WriteOptions? options, CancellationToken cancellationToken)
    {
        options ??= Options.Write;
        return columns.Count == 0
            ? throw new LakehouseException(LakehouseErrorKind.InvalidInput, "No column is set", Location, remedy: "Name columns with their values")
            : WriteDerivedAsync(WriteOperation.Upsert, new SelectedRows(this, where, options).UpdatedAsync(columns, compute, cancellationToken), options, cancellationToken);
    }
}
