using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Finds partitions by their .hoodie_partition_metadata, as Hudi does without a metadata table (FileSystemBackedTableMetadata). hudi-rs writes none, so a folder that holds base
/// files counts as well. Everything under .hoodie is passed over, and so are folders below a partition, and a folder below that is a table of its own (Hudi would take that one's
/// partitions for this one's).
/// </summary>
internal static class PartitionListing
{
    /// <summary>With use.base.format the name has a base file's extension.</summary>
    public const string MetafilePrefix = ".hoodie_partition_metadata";

    /// <summary>All partition paths, sorted.</summary>
    /// <param name="store">The table's storage.</param>
    /// <param name="found">Is given each partition with the files in its folder, which the search has listed anyway.</param>
    /// <param name="cancellationToken">Cancels between folders.</param>
    public static async Task<IReadOnlyList<string>> ListAsync(IObjectStore store, Action<string, IReadOnlyList<ObjectInfo>> found, CancellationToken cancellationToken)
    {
        var partitions = new List<string>();
        var waiting = new Stack<string>();
        waiting.Push(string.Empty);
        while (waiting.TryPop(out var folder))
        {
            bool isPartition = false;
            bool mayBeTable = false;
            var below = new List<string>();
            var files = new List<ObjectInfo>();
            await foreach (var entry in store.ListAsync(folder, recursive: false, cancellationToken))
            {
                var name = entry.Name;
                if (entry.IsFolder)
                {
                    mayBeTable |= name == ".hoodie" && folder.Length > 0;
                    if (name != ".hoodie" && !(folder.Length == 0 && name.StartsWith(".hoodie", StringComparison.Ordinal)))
                    {
                        below.Add(entry.Path);
                    }
                }
                else
                {
                    files.Add(entry);
                    isPartition |= name.StartsWith(MetafilePrefix, StringComparison.Ordinal) && !name.EndsWith(".crc", StringComparison.Ordinal);
                    isPartition |= FileNames.TryParseBaseFile(folder, name, 0, out _);
                }
            }

            if (mayBeTable && await store.GetInfoAsync($"{folder}/{TableConfig.Path}", cancellationToken) is not null)
            {
                continue;
            }

            if (isPartition)
            {
                partitions.Add(folder);
                found(folder, files);
            }
            else
            {
                below.ForEach(waiting.Push);
            }
        }

        partitions.Sort(string.CompareOrdinal);
        return partitions;
    }
}
