using System.Text;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Finds keys whose file groups are known already in their base files.</summary>
internal sealed class LocatedKeys(IndexSettings settings, string name, IReadOnlyList<FileSlice> slices) : BaseFileIndex(settings)
{
    private readonly Dictionary<(string Partition, string FileId), FileSlice> byGroup = slices.ToDictionary(s => (s.PartitionPath, s.FileId));
    private readonly Dictionary<string, List<int>> byPath = new(StringComparer.Ordinal);
    private readonly List<FileSlice> found = [];
    private string?[] paths = [];

    public override string Name => name;

    /// <summary>The slices that keys were found in.</summary>
    public IReadOnlyList<FileSlice> Slices => found;

    /// <exception cref="LakehouseException">Corrupt: there is no such file group. Unsupported: it has no base file.</exception>
    public void Add(KeyMap keys, in KeyLocation location)
    {
        if (!byGroup.TryGetValue((location.PartitionPath, location.FileId), out var slice))
        {
            throw Stale(keys, location.Key, location.PartitionPath, location.FileId, "which is not there");
        }

        var path = slice.Base?.Path ?? throw new LakehouseException(
            LakehouseErrorKind.Unsupported,
            $"File group {slice.FileId} in partition '{slice.PartitionPath}' consists of logs alone, in which the index {name} finds no rows",
            path: slice.Logs[0].Path,
            remedy: "Compact the table first (lakehouse compact)");
        if (!byPath.TryGetValue(path, out var located))
        {
            byPath.Add(path, located = []);
            found.Add(slice);
        }

        located.Add(location.Key);
        paths = paths.Length == 0 ? new string?[keys.Count] : paths;
        paths[location.Key] = path;
    }

    /// <exception cref="LakehouseException">Corrupt: a file does not have a key that it should.</exception>
    public void RequireAll(KeyMap keys, IReadOnlyList<TaggedFile> tagged)
    {
        var files = tagged.ToDictionary(t => t.Slice.Base!.Path, t => t.Keys.ToHashSet(), StringComparer.Ordinal);
        foreach (var slice in found)
        {
            var has = files.GetValueOrDefault(slice.Base!.Path);
            foreach (int key in byPath[slice.Base.Path])
            {
                if (has?.Contains(key) != true)
                {
                    throw Stale(keys, key, slice.PartitionPath, slice.FileId, "whose base file does not have it");
                }
            }
        }
    }

    protected override int[]? Candidates(KeyMap keys, ParquetFooter footer, string path) => [.. byPath[path]];

    protected override Func<int, bool> Wanted(FileSlice slice)
    {
        var path = slice.Base!.Path;
        return key => ReferenceEquals(paths[key], path) || paths[key] == path;
    }

    private static LakehouseException Stale(KeyMap keys, int key, string partition, string fileId, string problem) => new(
        LakehouseErrorKind.Corrupt,
        $"The record index is out of date: it says that the key '{Encoding.UTF8.GetString(keys[key])}' is in file group {fileId} of partition '{partition}', {problem}",
        path: ".hoodie/metadata/record_index",
        remedy: "Write with another index (hoodie.index.type=GLOBAL_SIMPLE) and drop this one (hoodie.metadata.record.index.enable=false); a later write builds it again");
}
