using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// Looks at each base file's footer first: its smallest and largest key, then its bloom filter; only files that may hold a key are read (HoodieBloomIndex).
/// A file whose footer lacks either is not ruled out by it.
/// </summary>
internal sealed class BloomIndex(IndexSettings settings) : BaseFileIndex(settings)
{
    // With so many candidates the file is read anyway: asking about the other keys would only cost.
    private const int EnoughCandidates = 4096;

    public override string Name => "BLOOM";

    protected override int[]? Candidates(KeyMap keys, ParquetFooter footer, string path)
    {
        var filter = FooterKeyFilter.Read(footer, path);
        if (filter is null)
        {
            return null;
        }

        var candidates = new List<int>();
        for (int key = 0; key < keys.Count; key++)
        {
            if (filter.MightContain(keys[key]))
            {
                if (candidates.Count == EnoughCandidates)
                {
                    return null;
                }

                candidates.Add(key);
            }
        }

        return [.. candidates];
    }
}
