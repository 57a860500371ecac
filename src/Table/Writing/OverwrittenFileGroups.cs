using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The file groups that a write takes the place of: all that a reader sees in the partitions which get rows, or in all partitions (getPartitionToReplacedFileIds of
/// SparkInsertOverwriteCommitActionExecutor and SparkInsertOverwriteTableCommitActionExecutor).
/// </summary>
/// <param name="FileIds">By partition path.</param>
internal sealed record OverwrittenFileGroups(IReadOnlyDictionary<string, IReadOnlyList<string>> FileIds)
{
    private static readonly OverwrittenFileGroups None = new(new Dictionary<string, IReadOnlyList<string>>());

    public int Count => FileIds.Sum(p => p.Value.Count);

    public IEnumerable<(string Partition, string FileId)> All => FileIds.SelectMany(p => p.Value.Select(id => (p.Key, id)));

    /// <param name="state">The table as the write found it: what others add meanwhile stays.</param>
    /// <param name="operation">The write.</param>
    /// <param name="files">What it has written.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async ValueTask<OverwrittenFileGroups> FindAsync(TableState state, WriteOperation operation, IReadOnlyList<WrittenFile> files, CancellationToken cancellationToken) => operation switch
    {
        WriteOperation.InsertOverwrite => await OfPartitionsAsync(state.View, files.Select(f => f.PartitionPath).Distinct(), cancellationToken),
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
