namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// How records of one key become one (HoodieMetadataPayload.combine). The stored record comes first and those of logs follow in their order: two log records must not be merged before
/// they meet the stored one, since a file's deletion takes its entry away only where it is there. Null stands for no record, and among the newer ones for a deletion of the key.
/// </summary>
internal static class MetadataMerge
{
    public static MetadataPayload? Merge(MetadataPayload? stored, params ReadOnlySpan<MetadataPayload?> newer)
    {
        var merged = stored;
        Dictionary<string, MetadataFileInfo>? files = null;
        foreach (var next in newer)
        {
            if (merged is FilesPayload older && next is FilesPayload more)
            {
                files ??= new Dictionary<string, MetadataFileInfo>(older.Files, StringComparer.Ordinal);
                Apply(files, more.Files);
                merged = more with { Files = files };
                continue;
            }

            files = null;
            merged = merged is ColumnStatsPayload a && next is ColumnStatsPayload b ? ColumnStatsMerge.Merge(a, b) : next;
        }

        return merged;
    }

    private static void Apply(Dictionary<string, MetadataFileInfo> files, IReadOnlyDictionary<string, MetadataFileInfo> newer)
    {
        foreach (var (name, file) in newer)
        {
            if (!files.TryGetValue(name, out var there))
            {
                files[name] = file;
            }
            else if (!file.IsDeleted)
            {
                files[name] = new MetadataFileInfo(Math.Max(there.Size, file.Size), IsDeleted: false);
            }
            else if (!there.IsDeleted)
            {
                files.Remove(name);
            }
        }
    }
}
