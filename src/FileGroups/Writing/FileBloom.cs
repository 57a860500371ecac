using Apache.Arrow;
using OllaLab.Lakehouse.Bloom;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The bloom filter of a file whose row groups are made side by side: each worker fills a filter of its own, of one shape, and they are joined. The shape is chosen for the keys
/// that the file is expected to hold, so that large files do not get a filter that lets everything through (Hudi's stops at 100 000 keys).
/// </summary>
internal sealed class FileBloom
{
    // A large file's filter is read by each tagging: 3 bytes a key are worth it, the 5.4 of Hudi's 1e-9 are not.
    private const double LargeFileFalsePositives = 1e-5;
    private readonly Lock gate = new();
    private readonly BaseFileSettings settings;
    private readonly int entries;
    private BloomFilter? joined;

    public FileBloom(BaseFileSettings settings, long expectedKeys)
    {
        this.settings = settings;
        entries = (int)Math.Clamp(expectedKeys, settings.BloomEntries, 100_000_000);
    }

    /// <summary>Adds keys; from any thread.</summary>
    public void Add(IReadOnlyList<StringArray> keys)
    {
        var part = Create(settings, entries);
        foreach (var array in keys)
        {
            part.AddAll(array);
        }

        lock (gate)
        {
            if (joined is null)
            {
                joined = part;
            }
            else
            {
                joined.Or(part);
            }
        }
    }

    public BloomFilter Finish() => joined ?? Create(settings, entries);

    public static BloomFilter Create(BaseFileSettings settings, int entries)
    {
        var errorRate = entries > settings.BloomEntries ? Math.Max(settings.BloomFalsePositives, LargeFileFalsePositives) : settings.BloomFalsePositives;

        // Growth bound: keys past the expectation get further rows.
        return BloomFilter.Create(settings.BloomType, entries, errorRate, (int)Math.Min(int.MaxValue, Math.Max(BloomFilter.DefaultMaxEntries, entries * 2L)));
    }
}
