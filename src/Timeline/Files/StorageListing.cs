using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Partitions and files as the storage lists them.</summary>
internal sealed class StorageListing(IObjectStore store) : IFileListing
{
    public Task<IReadOnlyList<string>> ListPartitionsAsync(Action<string, IReadOnlyList<ListedFile>> found, CancellationToken cancellationToken) =>
        PartitionListing.ListAsync(store, (partition, files) => found(partition, [.. files.Where(f => !f.IsFolder).Select(f => new ListedFile(f.Name, f.Length))]), cancellationToken);

    public async Task<IReadOnlyList<ListedFile>> ListFilesAsync(string partitionPath, CancellationToken cancellationToken)
    {
        var files = new List<ListedFile>();
        await foreach (var file in store.ListAsync(partitionPath, recursive: false, cancellationToken))
        {
            if (!file.IsFolder)
            {
                files.Add(new ListedFile(file.Name, file.Length));
            }
        }

        return files;
    }
}
