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
    public async Task<DeletePartitionsResult> DeletePartitionsAsync(IEnumerable<string> partitions, DeletePartitionsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var patterns = partitions.ToList();
        options ??= new DeletePartitionsOptions();
        var done = await AloneAsync(
            writing, () => new PartitionDeletion(this, options).RunAsync(async state => PartitionPatterns.Select(patterns, await state.View.GetPartitionsAsync(cancellationToken)), cancellationToken), cancellationToken);
        return await ServedAsync(done, options.Services, cancellationToken);
    }

    /// <summary>Deletes the partitions whose time is over, in one commit; one that a compaction or clustering is planned for stays until the next time.</summary>
    /// <param name="options">When a partition expires.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not committed.</param>
    /// <exception cref="LakehouseException">As for <see cref="DeletePartitionsAsync"/>.</exception>
    public async Task<DeletePartitionsResult> ExpirePartitionsAsync(PartitionTtlOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await ServedAsync(await ExpirePartitionsAfterWriteAsync(options, cancellationToken), null, cancellationToken);
    }

    /// <summary>The same as one of the services that run after a write.</summary>
    internal Task<DeletePartitionsResult> ExpirePartitionsAfterWriteAsync(PartitionTtlOptions options, CancellationToken cancellationToken)
    {
        var deletion = new PartitionDeletion(this, new DeletePartitionsOptions { DryRun = options.DryRun, DropMetadataTable = options.DropMetadataTable });
        return AloneAsync(writing, () => deletion.RunAsync(state => ExpiredPartitions.FindAsync(state, options, cancellationToken), cancellationToken), cancellationToken);
    }

    // Hudi commits both as it does a write (BaseHoodieWriteClient.commitStats).
    private async Task<DeletePartitionsResult> ServedAsync(DeletePartitionsResult done, WriteOptions? services, CancellationToken cancellationToken) => done.Instant is null
        ? done
        : done with { Services = await new InlineServices(this, services ?? Options.Write).RunAsync(new WriteResult { Instant = done.Instant, CompletionTime = done.CompletionTime }, cancellationToken) };
}
