using Apache.Arrow;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Rows whose key is stored replace the stored row as the table's merge mode says; the others are inserted.</summary>
    /// <param name="rows">Rows with the table's data columns, in any order; a nullable column may be missing. The batches may be disposed or reused once the call has returned, not before.</param>
    /// <param name="options">File layout and metadata; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: a row does not fit. <see cref="LakehouseErrorKind.Unsupported"/>: the table uses what cannot be kept right here.
    /// <see cref="LakehouseErrorKind.Conflict"/>: another writer changed the same files. <see cref="LakehouseErrorKind.OutcomeUnknown"/>: see there. In the first three cases the table is as before,
    /// unless the message begins by saying that the write is committed: then a service failed that ran after it, and the write must not be repeated; never with a conflict.
    /// </exception>
    public Task<WriteResult> UpsertAsync(IAsyncEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Upsert, rows, options, cancellationToken);

    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> UpsertAsync(IEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Upsert, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Adds rows without looking for their keys, filling small files first.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> InsertAsync(IAsyncEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Insert, rows, options, cancellationToken);

    /// <summary>Adds rows without looking for their keys, filling small files first.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> InsertAsync(IEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Insert, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Adds rows to new files, in the order they come or sorted: for first loads.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> BulkInsertAsync(IAsyncEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.BulkInsert, rows, options, cancellationToken);

    /// <summary>Adds rows to new files, in the order they come or sorted: for first loads.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> BulkInsertAsync(IEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.BulkInsert, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Deletes the rows with these keys; the key and partition columns are enough, and keys that are not stored are ignored.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> DeleteAsync(IAsyncEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Delete, rows, options, cancellationToken);

    /// <summary>Deletes the rows with these keys; the key and partition columns are enough, and keys that are not stored are ignored.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> DeleteAsync(IEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Delete, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Any of the write operations.</summary>
    /// <inheritdoc cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> WriteAsync(WriteOperation operation, IAsyncEnumerable<RecordBatch> rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return WriteAsync(operation, rows, options ?? Options.Write, derived: false, cancellationToken);
    }

    // After a conflict rows that were made of stored ones would be of a snapshot that is gone.
    internal Task<WriteResult> WriteDerivedAsync(WriteOperation operation, IAsyncEnumerable<RecordBatch> rows, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(operation, rows, options, derived: true, cancellationToken);

    private async Task<WriteResult> WriteAsync(WriteOperation operation, IAsyncEnumerable<RecordBatch> rows, WriteOptions options, bool derived, CancellationToken cancellationToken)
    {
        var result = await AloneAsync(writing, () => new TableWrite(this, operation, options, derived).RunAsync(rows, cancellationToken), cancellationToken, isWrite: true);
        return await new InlineServices(this, options).RunAsync(result, cancellationToken);
    }
}
