namespace OllaLab.Lakehouse.Timelines;

/// <summary>Where a <see cref="FileSystemView"/> learns a table's partitions and files from: the storage, or the metadata table. Which of them count is the view's affair.</summary>
internal interface IFileListing
{
    /// <summary>All partition paths, sorted; "" is the only one of a non-partitioned table.</summary>
    /// <param name="found">Is given the files of each partition that the search has come across anyway; it need not be called for all, or at all.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    Task<IReadOnlyList<string>> ListPartitionsAsync(Action<string, IReadOnlyList<ListedFile>> found, CancellationToken cancellationToken);

    /// <summary>The files in a partition's folder, in no particular order; none where there is no such partition.</summary>
    Task<IReadOnlyList<ListedFile>> ListFilesAsync(string partitionPath, CancellationToken cancellationToken);
}

/// <summary>A file of a partition: its name, without a folder, and its length in bytes.</summary>
internal readonly record struct ListedFile(string Name, long Length);
