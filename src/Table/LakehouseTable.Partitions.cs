using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse;

public sealed partial class LakehouseTable
{
    /// <summary>Deletes whole partitions in one commit, without reading them.</summary>
    /// <param name="partitions">Partition paths; an asterisk stands for any characters, as in "2024/*". A path that the table does not have is passed over, as Hudi does.</param>
    /// <param name="options">A dry run, metadata; null: the defaults.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="LakehouseErrorKind.Conflict"/>: a compaction, log compaction or clustering is planned for one of the partitions, or another writer changed them meanwhile.
    /// <see cref="LakehouseErrorKind.Unsupported"/>: the table uses what cannot be kept right here.
    /// </exception>
    public Task<DeletePartitionsResult> DeletePartitionsAsync(IEnumerable<string> partitions, DeletePartitionsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var patterns = partitions.ToList();
        return AloneAsync(
            writing, () => new PartitionDeletion(this, options ?? new DeletePartitionsOptions()).RunAsync(async state => PartitionPatterns.Select(patterns, await state.View.GetPartitionsAsync(cancellationToken)), cancellationToken), cancellationToken);
    }

    /// <summary>Deletes the partitions whose time is over, in one commit; one that a compaction or clustering is planned for stays until the next time.</summary>
    /// <param name="options">When a partition expires.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">As for <see cref="DeletePartitionsAsync"/>.</exception>
    public Task<DeletePartitionsResult> ExpirePartitionsAsync(PartitionTtlOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var deletion = new PartitionDeletion(this, new DeletePartitionsOptions { DryRun = options.DryRun, DropMetadataTable = options.DropMetadataTable });
        return AloneAsync(writing, () => deletion.RunAsync(state => ExpiredPartitions.FindAsync(state, options, cancellationToken), cancellationToken), cancellationToken);
    }
}
