using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The file groups of one partition of the metadata table, sorted by file id: a key's shard is a position among them, so that none may be missing.</summary>
internal static class MetadataFileGroups
{
    public static IReadOnlyList<FileSlice> Of(IReadOnlyList<ListedFile> files, string partition, ActiveTimeline timeline, PendingCompactions pending)
    {
        var builder = new FileGroupBuilder(timeline, partition, pending);
        foreach (var file in files)
        {
            builder.Add(file.Name, file.Length);
        }

        var slices = builder.Build().Where(g => g.SliceAsOf(null) is not null).Select(g => g.SliceAsOf(null)!).ToArray();
        foreach (var group in slices.GroupBy(s => Split(s.FileId).Prefix))
        {
            // Numbers begin at 0 and have no gaps: with one missing, keys would be looked for in the wrong groups.
            int count = group.Count();
            if (group.Select(s => Split(s.FileId).Number).Max() != count - 1)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"File groups of the metadata table are missing: there are {count}, the last is {group.Last().FileId}", path: partition);
            }
        }

        return slices;
    }

    /// <summary>What comes before the number, and the number: prefix-NNNN-0.</summary>
    private static (string Prefix, int Number) Split(string fileId)
    {
        int last = fileId.LastIndexOf('-');
        int dash = last <= 0 ? -1 : fileId.LastIndexOf('-', last - 1);
        return dash >= 0 && int.TryParse(fileId.AsSpan(dash + 1, last - dash - 1), System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? (fileId[..dash], number)
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"'{fileId}' is no file group of a metadata table");
    }
}
