using System.Data.Common;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Rows;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Upserts objects: see <see cref="UpsertAsync(IAsyncEnumerable{RecordBatch}, WriteOptions?, CancellationToken)"/>.</summary>
    /// <typeparam name="T">
    /// A class, record or struct. Each public property stands for the column of its name, in any case, or of <c>[Column("name")]</c>; <c>[NotMapped]</c> leaves it out.
    /// A nullable column without a property is null in the rows written.
    /// </typeparam>
    /// <param name="rows">The rows; read once.</param>
    /// <param name="options">File layout and metadata; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">As for batches; <see cref="LakehouseErrorKind.InvalidInput"/> names row, type and property.</exception>
    public Task<WriteResult> UpsertAsync<T>(IAsyncEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Upsert, rows, options, cancellationToken);

    /// <inheritdoc cref="UpsertAsync{T}(IAsyncEnumerable{T}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> UpsertAsync<T>(IEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Upsert, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Upserts the rows of a data reader's current result, its columns matched by name in any case.</summary>
    /// <param name="rows">The reader; it stays open.</param>
    /// <param name="options">File layout and metadata; null: the table handle's own.</param>
    /// <param name="cancellationToken">Gives the write up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">As for batches; <see cref="LakehouseErrorKind.InvalidInput"/> names row and column.</exception>
    public Task<WriteResult> UpsertAsync(DbDataReader rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Upsert, rows, options, cancellationToken);

    /// <summary>Deletes the rows with the keys of these objects, which need no more than the key and partition columns as properties.</summary>
    /// <inheritdoc cref="UpsertAsync{T}(IAsyncEnumerable{T}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> DeleteAsync<T>(IAsyncEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Delete, rows, options, cancellationToken);

    /// <summary>Deletes the rows with the keys of these objects, which need no more than the key and partition columns as properties.</summary>
    /// <inheritdoc cref="UpsertAsync{T}(IAsyncEnumerable{T}, WriteOptions?, CancellationToken)"/>
    public Task<WriteResult> DeleteAsync<T>(IEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(WriteOperation.Delete, rows.ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Any of the write operations, with objects.</summary>
    /// <inheritdoc cref="UpsertAsync{T}(IAsyncEnumerable{T}, WriteOptions?, CancellationToken)"/>
    public async Task<WriteResult> WriteAsync<T>(WriteOperation operation, IAsyncEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        try
        {
            var columns = (await (await RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;

            // Columns without a property are left to the write, which fills or refuses them.
            var schema = new Schema(RowBatches.ColumnsOf<T>(columns).Select(columns.GetFieldByName), null);
            return await WriteAsync(operation, RowBatches.FromObjectsAsync(rows, schema, cancellationToken: cancellationToken), options, cancellationToken);
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(Location);
        }
    }

    /// <summary>Any of the write operations, with the rows of a data reader.</summary>
    /// <inheritdoc cref="UpsertAsync(DbDataReader, WriteOptions?, CancellationToken)"/>
    public async Task<WriteResult> WriteAsync(WriteOperation operation, DbDataReader rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        try
        {
            var columns = (await (await RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow;
            var given = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var schema = new Schema(columns.FieldsList.Where(f => given.Contains(f.Name)), null);
            return await WriteAsync(operation, DataReaderBatches.ReadAsync(rows, schema, cancellationToken: cancellationToken), options, cancellationToken);
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(Location);
        }
    }

    /// <summary>Streams rows as objects. Only the columns that the type has properties for are read.</summary>
    /// <typeparam name="T">
    /// A class, record or struct, made by its constructor without parameters, or by the one whose parameters are its properties. Properties are matched to columns as in
    /// <see cref="UpsertAsync{T}(IAsyncEnumerable{T}, WriteOptions?, CancellationToken)"/>, meta columns (<c>[Column("_hoodie_commit_time")]</c>) among them.
    /// </typeparam>
    /// <param name="options">Which rows; null: the latest snapshot. <see cref="ReadOptions.Columns"/> must be null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LakehouseException">As for <see cref="ReadAsync(ReadOptions?, CancellationToken)"/>; <see cref="LakehouseErrorKind.InvalidInput"/>: a property has no column, or cannot hold its values.</exception>
    public async IAsyncEnumerable<T> ReadAsync<T>(ReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new ReadOptions();
        if (options.Columns is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Columns are chosen by the properties of {typeof(T).Name}", Location, remedy: "Leave ReadOptions.Columns out, or read batches");
        }

        var columns = (await (await RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).ArrowWithMeta;
        var narrowed = options.With(RowBatches.ColumnsOf<T>(columns));
        var schema = await GetSchemaAsync(narrowed, cancellationToken);
        await foreach (var row in RowBatches.ToObjectsAsync<T>(ReadAsync(narrowed, cancellationToken), schema, cancellationToken))
        {
            yield return row;
        }
    }

    /// <summary>Rows as a data reader, for code that speaks ADO.NET.</summary>
    /// <param name="options">Which rows and columns; null: the latest snapshot, all columns, meta columns first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A reader that streams; the caller disposes it.</returns>
    /// <exception cref="LakehouseException">As for <see cref="ReadAsync(ReadOptions?, CancellationToken)"/>.</exception>
    public async Task<LakehouseDataReader> OpenReaderAsync(ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        new(ReadAsync(options, cancellationToken), await GetSchemaAsync(options, cancellationToken), cancellationToken);
}
