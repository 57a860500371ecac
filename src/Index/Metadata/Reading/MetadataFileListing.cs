using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Partitions and files as the metadata table's partition "files" names them: no folder of the data table is listed.</summary>
/// <param name="open">Opens the metadata table, when first asked.</param>
internal sealed class MetadataFileListing(Func<Task<MetadataTable>> open) : IFileListing
{
    private readonly Lazy<Task<IReadOnlyDictionary<string, FilesPayload>>> records = new(async () => await (await open()).GetFilesAsync(CancellationToken.None));

    public async Task<IReadOnlyList<string>> ListPartitionsAsync(Action<string, IReadOnlyList<ListedFile>> found, CancellationToken cancellationToken)
    {
        var all = await records.Value.WaitAsync(cancellationToken);
        if (!all.TryGetValue(MetadataPartitions.AllPartitionsKey, out var list))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Corrupt,
                "The metadata table has no list of partitions",
                path: MetadataPartitions.Folder + "/" + MetadataPartitions.Files,
                remedy: "Read the table with the metadata table ignored (hoodie.metadata.enable=false)");
        }

        string[] partitions = [.. list.Files.Where(p => !p.Value.IsDeleted).Select(p => Checked(NamedPaths.Partition, MetadataKeys.PartitionPathOf(p.Key)))];
        Array.Sort(partitions, string.CompareOrdinal);
        return partitions;
    }

    public async Task<IReadOnlyList<ListedFile>> ListFilesAsync(string partitionPath, CancellationToken cancellationToken)
    {
        var all = await records.Value.WaitAsync(cancellationToken);
        return all.TryGetValue(MetadataKeys.Files(partitionPath), out var files) ? [.. files.Files.Where(f => !f.Value.IsDeleted).Select(f => new ListedFile(Checked(NamedPaths.Name, f.Key), f.Value.Size))] : [];
    }

    private static string Checked(Func<string, string> check, string name)
    {
        try
        {
            return check(name);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(
                e.Kind, "The metadata table is damaged: " + e.Problem, path: MetadataPartitions.Folder + "/" + MetadataPartitions.Files, remedy: "Read the table with the metadata table ignored (hoodie.metadata.enable=false)", inner: e);
        }
    }
}
