using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Reading;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Streams rows as Arrow batches in bounded memory: the latest snapshot, the table as of a time, or what a range of commits wrote.</summary>
    /// <param name="options">Which rows and columns; null: the latest snapshot, all columns, meta columns first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of the columns asked for, none of them empty. The caller disposes each.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: no such column or time. <see cref="LakehouseErrorKind.Unsupported"/>: the table or a file uses what is not understood.
    /// <see cref="LakehouseErrorKind.Corrupt"/>: a file is broken. Each names the file.
    /// </exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(ReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var plan = await PlanAsync(options ?? new ReadOptions(), cancellationToken);
        await using var batches = TableScan.ReadAsync(plan, Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
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

    /// <summary>The columns that a read with these options returns.</summary>
    /// <param name="options">As for <see cref="ReadAsync(ReadOptions?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: the table has no schema yet.</exception>
    public async Task<Schema> GetSchemaAsync(ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        (await PlanAsync(options ?? new ReadOptions(), cancellationToken)).Output;

    internal async ValueTask<ScanPlan> PlanAsync(ReadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ScanPlanner.PlanAsync(await RefreshAsync(cancellationToken: cancellationToken), options, cancellationToken);
        }
        catch (LakehouseException e) when (e.Table is null)
        {
            throw e.WithTable(Location);
        }
    }
}
