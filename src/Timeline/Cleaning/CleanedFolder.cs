using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>The folder of a partition whose last files are cleaned.</summary>
internal static class CleanedFolder
{
    private const string Sidecar = ".crc";

    /// <summary>Whether the folder holds nothing but these files and the partition's own metadata: a file that is none of them may be of a write under way.</summary>
    public static async ValueTask<bool> HoldsOnlyAsync(IObjectStore store, string partition, IReadOnlySet<string> names, CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(partition, recursive: false, cancellationToken))
        {
            if (entry.IsFolder || !(names.Contains(entry.Name) || IsOfFolder(entry.Name)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Removes the folder, if it holds nothing else by now.</summary>
    /// <returns>Whether it is gone.</returns>
    public static async ValueTask<bool> DeleteAsync(IObjectStore store, string partition, CancellationToken cancellationToken)
    {
        if (!await HoldsOnlyAsync(store, partition, new HashSet<string>(), cancellationToken))
        {
            return false;
        }

        await store.DeleteFolderAsync(partition, cancellationToken);
        return true;
    }

    // Hadoop's local file system keeps checksums beside files, also of those that are gone.
    private static bool IsOfFolder(string name) =>
        name.StartsWith(PartitionListing.MetafilePrefix, StringComparison.Ordinal) || (name.StartsWith('.') && name.EndsWith(Sidecar, StringComparison.Ordinal));
}
