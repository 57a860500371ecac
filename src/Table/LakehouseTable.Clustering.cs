using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Plans a clustering where enough commits came since the last. Any engine may execute the plan; until then writes that change rows of its file groups are refused (<see cref="ClusteringUpdates"/>).</summary>
    /// <param name="options">What is to be clustered; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The clustering's instant, or null when none is due or nothing is to be clustered.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.InvalidInput"/>: a column that rows cannot be sorted by. <see cref="LakehouseErrorKind.Unsupported"/>: file groups are buckets, or the table uses what cannot be kept right here.
    /// </exception>
    public Task<string?> ScheduleClusteringAsync(ClusteringOptions? options = null, CancellationToken cancellationToken = default) =>
        ScheduleClusteringAsync(options ?? new ClusteringOptions(), always: false, cancellationToken);

    /// <summary>Executes planned clusterings, this engine's or another's: the file groups of each group in a plan become new ones of the target size, with their rows sorted. Rows keep their commit times.</summary>
    /// <param name="instant">The clustering; null: all that are planned, the oldest first.</param>
    /// <param name="options">Only <see cref="ClusteringOptions.DropMetadataTable"/> counts here, and <see cref="ClusteringOptions.Layout"/> for plans of other engines, which do not say it; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the clustering under way up; its plan stays and can be executed again.</param>
    /// <returns>One for each clustering.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.NotFound"/>: no such plan. <see cref="LakehouseErrorKind.Conflict"/>: a file group is no longer as planned, or another process executes it. Whatever the failure, rows are as before.
    /// </exception>
    public Task<IReadOnlyList<ClusteringResult>> ExecuteClusteringAsync(string? instant = null, ClusteringOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, () => new TableClustering(this, options ?? new ClusteringOptions()).ExecuteAsync(instant, cancellationToken), cancellationToken);

    /// <summary>Clusters the table now, however many commits came: executes what is planned, then plans what the options say and executes that.</summary>
    /// <param name="options">What is to be clustered; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the clustering under way up; its plan stays and can be executed again.</param>
    /// <returns>One for each clustering; none when there was nothing to cluster. In a dry run what would be planned.</returns>
    /// <inheritdoc cref="ScheduleClusteringAsync(ClusteringOptions?, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<ClusteringResult>> ClusterAsync(ClusteringOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ClusteringOptions();
        if (options.DryRun)
        {
            return await AloneAsync(services, () => new TableClustering(this, options).PreviewAsync(cancellationToken), cancellationToken) is { } preview ? [preview] : [];
        }

        var planned = await ExecuteClusteringAsync(null, options, cancellationToken);
        return await ScheduleClusteringAsync(options, always: true, cancellationToken) is { } instant
            ? [.. planned, .. await ExecuteClusteringAsync(instant, options, cancellationToken)]
            : planned;
    }

    /// <summary>Takes planned clusterings back, whether or not a run of them has begun: writes to their file groups go on then.</summary>
    /// <param name="instant">The clustering; null: all that are planned.</param>
    /// <param name="options">Only <see cref="ClusteringOptions.DropMetadataTable"/> counts here; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>Their instants.</returns>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.NotFound"/>: no such plan.</exception>
    public Task<IReadOnlyList<string>> RollBackClusteringAsync(string? instant = null, ClusteringOptions? options = null, CancellationToken cancellationToken = default) =>
        AloneAsync(services, () => new TableClustering(this, options ?? new ClusteringOptions()).RollBackAsync(instant, cancellationToken), cancellationToken);

    /// <param name="options">What is to be clustered.</param>
    /// <param name="always">However many commits came.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal Task<string?> ScheduleClusteringAsync(ClusteringOptions options, bool always, CancellationToken cancellationToken) =>
        AloneAsync(writing, () => new TableClustering(this, options).ScheduleAsync(always, cancellationToken), cancellationToken);
}
