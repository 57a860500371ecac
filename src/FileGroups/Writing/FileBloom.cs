using Apache.Arrow;
using OllaLab.Lakehouse.Bloom;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The bloom filter of a file whose row groups are made side by side: each worker fills a filter of its own, of one shape, and they are joined. A DYNAMIC_V0 filter gets a row of bits
/// for each so many keys, as many rows as the file turns out to need; a SIMPLE one cannot grow and is made for the keys that are expected.
/// (Hudi's dynamic filter stops growing at 100 000 keys and then lets everything through.)
/// </summary>
internal sealed class FileBloom
{
    // A large file's filter is read by each tagging, and its rows are asked one after another: 3.6 bytes a key.
    private const double LargeFileFalsePositives = 1e-6;
    private readonly Lock gate = new();
    private readonly BaseFileSettings settings;
    private readonly int entries;
    private readonly bool grows;
    private readonly List<(BloomFilter? Filter, int Keys)> segments = [(null, 0)];

    /// <param name="settings">Kind, keys and share of false positives.</param>
    /// <param name="keys">Keys of the whole file where they are known, else null.</param>
    /// <param name="expectedKeys">Keys that a full file holds.</param>
    public FileBloom(BaseFileSettings settings, long? keys, long expectedKeys)
    {
        this.settings = settings;
        grows = settings.BloomType == BloomFilter.Dynamic && keys is null;
        entries = (int)Math.Clamp(keys is { } known ? WithRoom(known) : grows ? settings.RowGroupRows : expectedKeys, settings.BloomEntries, 100_000_000);
    }

    /// <summary>Makes room for keys that a worker is going to add; in the order of the row groups.</summary>
    /// <returns>What to give <see cref="Add"/>.</returns>
    public int Reserve(int keys)
    {
        lock (gate)
        {
            var (filter, held) = segments[^1];
            if (grows && held > 0 && held + keys > entries)
            {
                segments.Add((null, keys));
            }
            else
            {
                segments[^1] = (filter, held + keys);
            }

            return segments.Count - 1;
        }
    }

    /// <summary>Adds keys; from any thread.</summary>
    public void Add(int segment, IReadOnlyList<StringArray> keys)
    {
        var part = Create(settings, entries);
        foreach (var array in keys)
        {
            part.AddAll(array);
        }

        lock (gate)
        {
            var (filter, held) = segments[segment];
            if (filter is null)
            {
                segments[segment] = (part, held);
            }
            else
            {
                filter.Or(part);
            }
        }
    }

    public BloomFilter Finish() => segments.Count == 1
        ? segments[0].Filter ?? Create(settings, entries)
        : DynamicBloomFilter.Join([.. segments.Select(s => (DynamicBloomFilter)s.Filter!)], segments[^1].Keys);

    // A small file grows: room for half as many keys again saves making the filter anew in the next writes.
    private static long WithRoom(long keys) => Math.Max(keys, Math.Min(keys + (keys / 2), BloomFilter.DefaultEntries));

    public static BloomFilter Create(BaseFileSettings settings, int entries)
    {
        var errorRate = entries > Math.Max(settings.BloomEntries, BloomFilter.DefaultEntries) ? Math.Max(settings.BloomFalsePositives, LargeFileFalsePositives) : settings.BloomFalsePositives;

        // Growth bound: keys past the expectation get further rows.
        return BloomFilter.Create(settings.BloomType, entries, errorRate, (int)Math.Min(int.MaxValue, Math.Max(BloomFilter.DefaultMaxEntries, entries * 2L)));
    }
}
