using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Rows;

namespace OllaLab.Lakehouse;

/// <content>The change feed.</content>
public sealed partial class LakehouseTable
{
    /// <summary>
    /// Streams what a range of commits changed, row by row, with the state before and after (Hudi's CDC query). The table must keep change data (<c>hoodie.table.cdc.enabled</c>).
    /// Compaction and clustering change nothing.
    /// </summary>
    /// <param name="begin">Only changes of commits after this time, exclusive; forms as for <see cref="ReadOptions.AsOf"/>; "000" is the beginning.</param>
    /// <param name="end">The last commit time, inclusive; null: the latest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// Batches, which the caller disposes, in the order in which the commits took effect, with the columns <c>op</c> (i inserted, u updated, d deleted), <c>ts_ms</c> (the commit's
    /// instant), <c>before</c> and <c>after</c>: structs of the table's data columns, null where the row did not exist.
    /// </returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: the table keeps no change data, or no such time. <see cref="LakehouseErrorKind.NotFound"/>: a cleaner has deleted what the range needs.
    /// <see cref="LakehouseErrorKind.Unsupported"/>, <see cref="LakehouseErrorKind.Corrupt"/>: as for <see cref="ReadAsync(ReadOptions?, CancellationToken)"/>.
    /// </exception>
    public async IAsyncEnumerable<RecordBatch> ReadChangesAsync(string begin, string? end = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(begin);
        await using var batches = ScanChangesAsync(begin, end, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await batches.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (LakehouseException e) when (e.Table is null)
            {
                throw e.WithTable(Location);
            }

            yield return batches.Current;
        }
    }

    /// <summary>The change feed as objects: see <see cref="ReadChangesAsync(string, string?, CancellationToken)"/>.</summary>
    /// <typeparam name="T">As for <see cref="ReadAsync{T}"/>; properties for meta columns have no values here and are refused.</typeparam>
    /// <param name="begin">Only changes of commits after this time, exclusive; "000" is the beginning.</param>
    /// <param name="end">The last commit time, inclusive; null: the latest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <inheritdoc cref="ReadChangesAsync(string, string?, CancellationToken)" path="/exception"/>
    public async IAsyncEnumerable<Change<T>> ReadChangesAsync<T>(string begin, string? end = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var state = await RefreshAsync(cancellationToken: cancellationToken);
        var objects = new ChangeObjects<T>(new ChangeColumns(await state.GetSchemaAsync(cancellationToken: cancellationToken)));
        await foreach (var batch in ReadChangesAsync(begin, end, cancellationToken))
        {
            using (batch)
            {
                foreach (var change in objects.Read(batch))
                {
                    yield return change;
                }
            }
        }
    }

    /// <summary>The columns of <see cref="ReadChangesAsync(string, string?, CancellationToken)"/>.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: the table has no schema yet.</exception>
    public async Task<Schema> GetChangesSchemaAsync(CancellationToken cancellationToken = default) =>
        new ChangeColumns(await (await RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Output;

    private async IAsyncEnumerable<RecordBatch> ScanChangesAsync(string begin, string? end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await RefreshAsync(cancellationToken: cancellationToken);
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        SchemaOnRead.Refuse(state, schema);
        var sources = await ChangePlanner.PlanAsync(state, begin, end, cancellationToken);
        var scan = new ChangeScan(state, schema, Options, new ReadOptions().BatchRows);
        foreach (var source in sources)
        {
            await foreach (var batch in scan.ReadAsync(source, cancellationToken))
            {
                yield return batch;
            }
        }
    }
}
