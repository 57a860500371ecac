using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>What a base file's footer says about its record keys (HoodieBaseParquetFileFormatHelper; format D.3).</summary>
internal sealed class FooterKeyFilter
{
    private const string BloomKey = "org.apache.hudi.bloomfilter";
    private const string OldBloomKey = "com.uber.hoodie.bloomfilter";
    private const string BloomTypeKey = "hoodie_bloom_filter_type_code";
    private const string MinKey = "hoodie_min_record_key";
    private const string MaxKey = "hoodie_max_record_key";

    // A filter that lets this share of absent keys pass is not worth its hashes.
    private const double Useless = 0.25;

    private readonly ReadOnlyMemory<byte>? min;
    private readonly ReadOnlyMemory<byte>? max;
    private readonly BloomFilter? bloom;

    private FooterKeyFilter(ReadOnlyMemory<byte>? min, ReadOnlyMemory<byte>? max, BloomFilter? bloom)
    {
        this.min = min;
        this.max = max;
        this.bloom = bloom;
    }

    /// <summary>Null where the footer says nothing.</summary>
    public static FooterKeyFilter? Read(ParquetFooter footer, string path)
    {
        var min = footer.TryGetKeyValue(MinKey, out var least) ? least : (ReadOnlyMemory<byte>?)null;
        var max = footer.TryGetKeyValue(MaxKey, out var greatest) ? greatest : (ReadOnlyMemory<byte>?)null;
        bool hasBloom = footer.TryGetKeyValue(BloomKey, out var base64) || footer.TryGetKeyValue(OldBloomKey, out base64);
        var bloom = hasBloom ? BloomFilter.Parse(base64.Span, footer.GetKeyValue(BloomTypeKey), path) : null;
        if (bloom?.FalsePositiveRate > Useless)
        {
            bloom = null;
        }

        return min is null && max is null && bloom is null ? null : new FooterKeyFilter(min, max, bloom);
    }

    public bool MightContain(ReadOnlySpan<byte> key) =>
        (min is not { } least || KeyOrder.MayBeAtMost(least.Span, key))
        && (max is not { } greatest || KeyOrder.MayBeAtMost(key, greatest.Span))
        && (bloom is null || bloom.MightContain(key));
}
