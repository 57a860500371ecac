using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Looks keys up in the log blocks of a file group, newest first, where newer records take the place of older ones: of a block only what may hold the keys is read, and nothing is kept, so that a few
/// keys do not bring a whole index into memory. For one caller at a time.
/// </summary>
internal sealed class MetadataLogLookup
{
    private readonly List<(HFile? File, MetadataRecordCodec? Codec, MetadataCells Deleted)> layers = [];

    /// <param name="store">The metadata table's storage.</param>
    /// <param name="blocks">Those that count, oldest first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<MetadataLogLookup> OpenAsync(IObjectStore store, IReadOnlyList<LogBlock> blocks, CancellationToken cancellationToken)
    {
        var lookup = new MetadataLogLookup();
        foreach (var block in blocks.Reverse())
        {
            var deleted = new MetadataCells();
            var (file, codec) = await new MetadataLogBlocks(store, deleted).OpenAsync(block, cancellationToken);
            deleted.Sort();
            lookup.layers.Add((file, codec, deleted));
        }

        return lookup;
    }

    /// <summary>Gives the newest record of each key that a block holds, and takes out of the lists those and the keys that a block deletes.</summary>
    /// <param name="keys">Ascending.</param>
    /// <param name="places">What <paramref name="found"/> is told of each.</param>
    /// <param name="found">Is given each record.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async ValueTask FindAsync(List<ReadOnlyMemory<byte>> keys, List<int> places, MetadataRecordFound found, CancellationToken cancellationToken)
    {
        foreach (var (file, codec, deleted) in layers)
        {
            var isKnown = new bool[keys.Count];
            int known = 0;
            if (file is not null)
            {
                await file.FindAsync(
                    keys,
                    (i, record) =>
                    {
                        found(places[i], codec!, record.Span);
                        isKnown[i] = true;
                        known++;
                    },
                    cancellationToken);
            }

            int position = 0;
            for (int i = 0; i < keys.Count && position < deleted.Count; i++)
            {
                position = deleted.LowerBound(keys[i].Span, position);
                if (deleted.EndOf(position, keys[i].Span) > position)
                {
                    isKnown[i] = true;
                    known++;
                }
            }

            if (known > 0)
            {
                Keep(keys, isKnown);
                Keep(places, isKnown);
            }
        }
    }

    private static void Keep<T>(List<T> list, bool[] isKnown)
    {
        int kept = 0;
        for (int i = 0; i < isKnown.Length; i++)
        {
            if (!isKnown[i])
            {
                list[kept++] = list[i];
            }
        }

        list.RemoveRange(kept, list.Count - kept);
    }
}
