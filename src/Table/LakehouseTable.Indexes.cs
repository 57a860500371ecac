using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Gives the table an index, which every write keeps right from then on. Writes go on while it is built.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="options">The column of a secondary index; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the building up; <see cref="ExecuteIndexesAsync"/> does it again.</param>
    /// <returns>The name of the index: its partition of the metadata table.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: the table has it, or what it needs is missing. <see cref="LakehouseErrorKind.Unsupported"/>: such a column has no index, or the table is of version 6.
    /// <see cref="LakehouseErrorKind.Conflict"/>: it is planned already.
    /// </exception>
    public async Task<string> CreateIndexAsync(IndexKind kind, IndexOptions? options = null, CancellationToken cancellationToken = default)
    {
        var indexing = new TableIndexing(this);
        var (name, instant) = await AloneAsync(writing, () => indexing.ScheduleAsync(kind, options ?? new IndexOptions(), cancellationToken), cancellationToken);
        if (instant is not null)
        {
            await AloneAsync(services, () => indexing.ExecuteAsync(instant, options ?? new IndexOptions(), cancellationToken), cancellationToken);
        }

        return name;
    }

    /// <summary>Plans an index, for this or another engine to build.</summary>
    /// <returns>The indexing's instant; null where the table has no commit yet, and the index was made at once.</returns>
    /// <inheritdoc cref="CreateIndexAsync"/>
    public async Task<string?> ScheduleIndexAsync(IndexKind kind, IndexOptions? options = null, CancellationToken cancellationToken = default) =>
        (await AloneAsync(writing, () => new TableIndexing(this).ScheduleAsync(kind, options ?? new IndexOptions(), cancellationToken), cancellationToken)).Instant;

    /// <summary>Builds indexes that are planned, by whichever engine, or whose building was given up.</summary>
    /// <param name="instant">The indexing; null: all, the oldest first.</param>
    /// <param name="options">Only <see cref="IndexOptions.Properties"/> count here; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the one under way up; it can be executed again.</param>
    /// <returns>The instants of those that are built.</returns>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: no such plan. <see cref="LakehouseErrorKind.Conflict"/>: another process dropped or built it.</exception>
    public Task<IReadOnlyList<string>> ExecuteIndexesAsync(string? instant = null, IndexOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, () => new TableIndexing(this).ExecuteAsync(instant, options ?? new IndexOptions(), cancellationToken), cancellationToken);

    /// <summary>Drops an index, or what is planned of one. A record index takes the secondary ones with it, and column_stats partition_stats. It stays away until it is created again.</summary>
    /// <param name="name">As <see cref="GetIndexesAsync"/> has it; of a secondary index its own name will do.</param>
    /// <param name="cancellationToken">Ends the waiting for its turn.</param>
    /// <returns>Whether there was one.</returns>
    public Task<bool> DropIndexAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AloneAsync(writing, () => new TableIndexing(this).DropAsync(name, cancellationToken), cancellationToken);
    }

    /// <summary>The indexes of the table's metadata table, those among them that are being built; the listing of files, which is no index, is left out.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<IndexInfo>> GetIndexesAsync(CancellationToken cancellationToken = default) => new TableIndexing(this).ListAsync(cancellationToken);
}
