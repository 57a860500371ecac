using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>
    /// Looks for what is not as it should be: properties, timeline, files against commits (lengths, rows, footers, log blocks), files of no instant, the metadata table against the storage, keys
    /// stored twice. Writes nothing. A write that goes on meanwhile may be taken for an unfinished one.
    /// </summary>
    /// <param name="options">What is looked at; null: everything.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The problems; empty: none was found.</returns>
    public async Task<IReadOnlyList<TableProblem>> ValidateAsync(ValidateOptions? options = null, CancellationToken cancellationToken = default) =>
        await new TableValidation(this).RunAsync(options ?? new ValidateOptions(), cancellationToken);

    /// <summary>
    /// Puts right what can be without guessing: an update of the properties that died, a missing checksum, unfinished writes (rolled back), data files and markers of no instant, timeline files of the
    /// other layout; a metadata table that disagrees with the storage is dropped, and made again by the next write. Stop other writers before.
    /// </summary>
    /// <param name="options">Whether only to tell; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work between two repairs.</param>
    /// <returns>What was put right, or would be.</returns>
    public Task<IReadOnlyList<TableProblem>> RepairAsync(RepairOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(writing, () => new TableRepair(this).RunAsync(options ?? new RepairOptions(), cancellationToken), cancellationToken);

    /// <summary>Counts the table's files and what its commits wrote.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<TableStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) =>
        await StatisticsReader.ReadAsync(await RefreshAsync(cancellationToken: cancellationToken), Options.Write.SmallFileLimit, cancellationToken);
}
