using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The file groups that a write takes the place of: all that a reader sees in the partitions which get rows, in those that the caller names, or in all partitions (getPartitionToReplacedFileIds of
/// SparkInsertOverwriteCommitActionExecutor and SparkInsertOverwriteTableCommitActionExecutor).
/// </summary>
/// <param name="FileIds">By partition path.</param>
internal sealed record OverwrittenFileGroups(IReadOnlyDictionary<string, IReadOnlyList<string>> FileIds)
{
    private static readonly OverwrittenFileGroups None = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The partitions, with commas between, that an insert overwrite takes the place of whatever rows it has (HoodieInternalConfig).</summary>
    public const string StaticPathsOption = "hoodie.static.overwrite.partition.paths";

    public int Count => FileIds.Sum(p => p.Value.Count);

    public IEnumerable<(string Partition, string FileId)> All => FileIds.SelectMany(p => p.Value.Select(id => (p.Key, id)));

    /// <param name="state">The table as the write found it: what others add meanwhile stays.</param>
    /// <param name="plan">The write.</param>
    /// <param name="files">What it has written.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async ValueTask<OverwrittenFileGroups> FindAsync(TableState state, WritePlan plan, IReadOnlyList<WrittenFile> files, CancellationToken cancellationToken) => plan.Operation switch
    {
        WriteOperation.InsertOverwrite => await OfPartitionsAsync(state.View, plan.StaticPartitions ?? files.Select(f => f.PartitionPath).Distinct(), cancellationToken),
        WriteOperation.InsertOverwriteTable => await OfPartitionsAsync(state.View, await state.View.GetPartitionsAsync(cancellationToken), cancellationToken),
        _ => None,
    };

    /// <summary>All file groups of these partitions that a reader sees.</summary>
    public static async ValueTask<OverwrittenFileGroups> OfPartitionsAsync(FileSystemView view, IEnumerable<string> partitions, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var partition in partitions)
        {
            found[partition] = [.. (await view.GetSlicesAsync(partition, cancellationToken: cancellationToken)).Select(s => s.FileId)];
        }

        return new OverwrittenFileGroups(found);
    }
}
