namespace OllaLab.Lakehouse.Indexing;

/// <summary>Turns the text of a partition value into its part of the path, and refuses what would leave the folder that is meant for it.</summary>
internal sealed class PartitionSegment(KeyGeneratorSettings settings, string field, bool mayNest)
{
    // Hudi replaces '-' only where one field makes the whole path (KeyGenUtils.getRecordPartitionPath).
    private readonly bool slashDates = settings.SlashSeparatedDates && settings.PartitionFields.Count == 1;

    public string Of(string value, long row)
    {
        string segment = settings.UrlEncode ? PartitionPathText.Escape(value) : value;
        segment = settings.HiveStyle ? $"{field}={segment}" : segment;
        segment = slashDates && !mayNest ? segment.Replace('-', '/') : segment;
        if (segment.Contains('/'))
        {
            if (!slashDates && !mayNest)
            {
                throw Refused(value, row, "holds '/', which would make a folder of its own");
            }

            if (segment.StartsWith('/') || segment.EndsWith('/') || segment.Contains("//", StringComparison.Ordinal))
            {
                throw Refused(value, row, $"makes the path '{segment}' with an empty folder name");
            }
        }

        foreach (var part in segment.AsSpan().Split('/'))
        {
            if (segment.AsSpan()[part] is "." or "..")
            {
                throw Refused(value, row, $"makes the path '{segment}', which leaves its folder");
            }
        }

        return segment;
    }

    private LakehouseException Refused(string value, long row, string why) =>
        new(LakehouseErrorKind.InvalidInput, $"The value '{value}' of partition column '{field}' in row {row + 1} {why}",
            remedy: "Change the value, or let the table encode its partition paths (hoodie.datasource.write.partitionpath.urlencode=true at creation encodes '/')");
}
