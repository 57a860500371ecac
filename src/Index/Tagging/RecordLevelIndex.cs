using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// Asks the record index of the metadata table in which file groups keys are (SparkMetadataTableGlobalRecordLevelIndex, SparkMetadataTableRecordLevelIndex), and reads the key columns of those files
/// alone, for the positions. What the index says holds: a row that logs have deleted, or an older copy elsewhere, is not touched.
/// </summary>
internal sealed class RecordLevelIndex(IndexSettings settings, IRecordIndex index, string name) : IIndex
{
    public string Name => name;

    public async ValueTask<IReadOnlyList<TaggedFile>> TagAsync(KeyMap keys, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        if (keys.Count == 0 || slices.Count == 0)
        {
            return [];
        }

        var located = new LocatedKeys(settings, name, slices);
        foreach (var location in await index.FindAsync(keys, index.IsPartitioned ? slices[0].PartitionPath : null, cancellationToken))
        {
            located.Add(keys, location);
        }

        var tagged = await located.TagAsync(keys, located.Slices, cancellationToken);
        located.RequireAll(keys, tagged);
        return tagged;
    }
}
