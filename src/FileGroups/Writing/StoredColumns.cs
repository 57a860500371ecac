using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The columns of one row group as the table has them, each read when it is asked for: the memory of a merge is that of a column, not of a row group. A row group that is too large even
/// for that is read in slices of rows, every column at its own pace.
/// </summary>
/// <param name="file">The file, which nobody else uses meanwhile.</param>
/// <param name="instant">The write that the file is of.</param>
/// <param name="rowGroup">The row group.</param>
/// <param name="sliceRows">Rows of a slice.</param>
/// <param name="table">The table's schema.</param>
/// <param name="ahead">Columns that will be asked for.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class StoredColumns(IParquetFile file, string instant, int rowGroup, int sliceRows, TableSchema table, IReadOnlyList<string> ahead, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Dictionary<string, Cursor> open = [];
    private readonly Dictionary<string, IArrowArray> slice = [];
    private long start;

    /// <summary>The rows of the present slice.</summary>
    public int Length { get; private set; }

    /// <summary>Goes on to the next slice; what was read of the former is gone.</summary>
    public void Next(int rows)
    {
        ReleaseAll();
        start += Length;
        Length = rows;
    }

    /// <summary>A column's rows of the present slice, valid until it is released or the next slice begins.</summary>
    public async ValueTask<IArrowArray> ReadAsync(Field field)
    {
        if (slice.TryGetValue(field.Name, out var known))
        {
            return known;
        }

        var cursor = Open(field);
        var pieces = new List<IArrowArray>();
        try
        {
            while (cursor.At < start + Length)
            {
                if (!await cursor.Batches.MoveNextAsync() || cursor.At + cursor.Batches.Current.Batch.Length > start + Length)
                {
                    throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{field.Name}' has other rows in row group {rowGroup} than the footer says", path: file.Path);
                }

                using var read = cursor.Batches.Current.Batch;
                if (cursor.At >= start)
                {
                    pieces.Add(cursor.Projection.Apply(read).Column(0));
                }

                cursor.At += read.Length;
            }

            if (pieces.Count != 1)
            {
                var whole = pieces.Count == 0 ? Kernels.Nulls(field.DataType, 0) : Kernels.Concat(pieces);
                pieces.ForEach(p => p.Dispose());
                pieces = [whole];
            }

            slice.Add(field.Name, pieces[0]);
            if (Length == file.Footer.RowGroups[rowGroup].NumRows)
            {
                // All of it: a native reader holds as much as it delivered until it is closed.
                open.Remove(field.Name);
                await cursor.Batches.DisposeAsync();
            }

            return pieces[0];
        }
        catch
        {
            pieces.ForEach(p => p.Dispose());
            throw;
        }
    }

    /// <summary>Gives the memory of a column back.</summary>
    public void Release(string column)
    {
        if (slice.Remove(column, out var array))
        {
            array.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseAll();
        foreach (var cursor in open.Values)
        {
            await cursor.Batches.DisposeAsync();
        }
    }

    private void ReleaseAll()
    {
        foreach (var column in slice.Keys.ToList())
        {
            Release(column);
        }
    }

    private Cursor Open(Field field)
    {
        if (!open.TryGetValue(field.Name, out var cursor))
        {
            var projection = SchemaProjection.Create(file.Schema, new Schema([field], null), table, file.Path, instant);
            var request = new ParquetReadRequest { Columns = projection.FileColumns, Ahead = ahead, RowGroups = [rowGroup], BatchRows = sliceRows };
            open.Add(field.Name, cursor = new Cursor(projection, file.ReadAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken)));
        }

        return cursor;
    }

    private sealed class Cursor(SchemaProjection projection, IAsyncEnumerator<ParquetBatch> batches)
    {
        public SchemaProjection Projection => projection;

        public IAsyncEnumerator<ParquetBatch> Batches => batches;

        /// <summary>Rows of the row group read or passed over: those of a slice that nothing is left of are not asked for.</summary>
        public long At { get; set; }
    }
}
