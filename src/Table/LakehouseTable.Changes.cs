using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Reading;

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

    /// <summary>The columns of <see cref="ReadChangesAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: the table has no schema yet.</exception>
    public async Task<Schema> GetChangesSchemaAsync(CancellationToken cancellationToken = default) =>
        new ChangeColumns(await (await RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Output;

    private async IAsyncEnumerable<RecordBatch> ScanChangesAsync(string begin, string? end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await RefreshAsync(cancellationToken: cancellationToken);
        SchemaOnRead.Refuse(state, await state.Client.ReadLatestWriteAsync(state.Timeline, cancellationToken: cancellationToken));
        var sources = await ChangePlanner.PlanAsync(state, begin, end, cancellationToken);
        var scan = new ChangeScan(state, await state.GetSchemaAsync(cancellationToken: cancellationToken), Options, new ReadOptions().BatchRows);
        foreach (var source in sources)
        {
            await foreach (var batch in scan.ReadAsync(source, cancellationToken))
            {
                yield return batch;
            }
        }
    }
}
