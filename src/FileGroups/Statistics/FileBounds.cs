using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Bounds of the columns of a file that is stored already.</summary>
/// <param name="store">The table's storage.</param>
/// <param name="format">Reads Parquet blocks of logs.</param>
/// <param name="schema">The table's columns.</param>
/// <param name="columns">The columns wanted, dotted where nested.</param>
internal sealed class FileBounds(IObjectStore store, IParquetFormat format, TableSchema schema, IReadOnlyList<string> columns)
{
    private const int BatchRows = 8192;
    private readonly LogBlockReader blocks = new(store, format);

    /// <summary>A base file's, from its footer.</summary>
    public async ValueTask<IReadOnlyList<ColumnBounds>> OfBaseAsync(string path, long length, CancellationToken cancellationToken) =>
        FooterBounds.Of(await ParquetFooter.ReadAsync(store, path, length, cancellationToken: cancellationToken).ConfigureAwait(false), columns);

    /// <summary>A log file's, from the rows in it, whether their blocks count or not. None where blocks hold only some columns.</summary>
    public async ValueTask<IReadOnlyList<ColumnBounds>> OfLogAsync(string path, long length, CancellationToken cancellationToken)
    {
        var bounds = new BoundsAccumulator(columns);
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, path, length, cancellationToken).ConfigureAwait(false))
        {
            if (block.IsPartial)
            {
                return [];
            }

            if (block.HasRows)
            {
                await foreach (var batch in blocks.ReadRowsAsync(block, schema, schema.ArrowWithMeta, BatchRows, cancellationToken).ConfigureAwait(false))
                {
                    using (batch)
                    {
                        bounds.Add(batch);
                    }
                }
            }
        }

        return bounds.Finish();
    }
}
