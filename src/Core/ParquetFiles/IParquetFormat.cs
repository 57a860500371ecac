using Apache.Arrow;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The seam behind which Parquet is read: ParquetSharp (native) or Parquet.Net (managed).</summary>
internal interface IParquetFormat
{
    string Name { get; }

    /// <summary>Opens a file and reads its footer. Truncated or foreign bytes: <see cref="LakehouseErrorKind.Corrupt"/>.</summary>
    ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, CancellationToken cancellationToken);

    /// <summary>The same of a file whose length is known, which an object store is then not asked for.</summary>
    ValueTask<IParquetFile> OpenAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken) => OpenAsync(store, path, cancellationToken);
}

/// <summary>An open Parquet file. Not for use by several threads at once.</summary>
internal interface IParquetFile : IAsyncDisposable
{
    string Path { get; }

    /// <summary>The footer, as decoded by our own Thrift reader: schema, row groups with offsets and statistics, key/values.</summary>
    ParquetFooter Footer { get; }

    /// <summary>All columns as Arrow fields, as this file has them.</summary>
    Schema Schema { get; }

    /// <summary>Streams chosen top-level columns of chosen row groups, in file order. The caller disposes each batch.</summary>
    IAsyncEnumerable<ParquetBatch> ReadAsync(ParquetReadRequest request, CancellationToken cancellationToken);
}

/// <param name="Batch">Columns in the order asked for.</param>
/// <param name="RowGroup">The row group the rows are from; a batch never spans two.</param>
/// <param name="FirstRow">Position in the file of the batch's first row (0-based over the whole file).</param>
internal readonly record struct ParquetBatch(RecordBatch Batch, int RowGroup, long FirstRow);

internal sealed record ParquetReadRequest
{
    /// <summary>Top-level column names in the order wanted; null for all. A name that the file lacks is an error.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns that further requests will ask for of the same row groups: from a store that is no local disk they are fetched together. Null: none.</summary>
    public IReadOnlyList<string>? Ahead { get; init; }

    /// <summary>Row groups, ascending; null for all.</summary>
    public IReadOnlyList<int>? RowGroups { get; init; }

    /// <summary>At most so many rows a batch.</summary>
    public int BatchRows { get; init; } = 16_384;
}
