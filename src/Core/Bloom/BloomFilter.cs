using System.Buffers.Text;
using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Bloom;

/// <summary>
/// The filter of record keys that a base file carries in its footer, bit for bit as Hudi's (org.apache.hudi.common.bloom): SIMPLE, of a fixed size, or DYNAMIC_V0, which grows.
/// Not for use by several threads at once while keys are added.
/// </summary>
internal abstract class BloomFilter
{
    public const string Simple = "SIMPLE";
    public const string Dynamic = "DYNAMIC_V0";

    /// <summary>hoodie.index.bloom.num_entries</summary>
    public const int DefaultEntries = 60_000;

    /// <summary>hoodie.index.bloom.fpp</summary>
    public const double DefaultErrorRate = 1e-9;

    /// <summary>hoodie.bloom.index.filter.dynamic.max.entries</summary>
    public const int DefaultMaxEntries = 100_000;

    /// <summary>SIMPLE or DYNAMIC_V0, as the footer names it (hoodie_bloom_filter_type_code; an absent entry means SIMPLE).</summary>
    public abstract string TypeCode { get; }

    /// <summary>Keys that it holds at the share of false positives that it was made for.</summary>
    public abstract long Capacity { get; }

    /// <summary>An empty filter with Hudi's sizing (BloomFilterUtils).</summary>
    /// <param name="type">SIMPLE or DYNAMIC_V0.</param>
    /// <param name="entries">Keys at which the error rate holds (hoodie.index.bloom.num_entries).</param>
    /// <param name="errorRate">Share of false positives, between 0 and 1 (hoodie.index.bloom.fpp).</param>
    /// <param name="maxEntries">Keys up to which a DYNAMIC_V0 filter grows (hoodie.bloom.index.filter.dynamic.max.entries).</param>
    public static BloomFilter Create(string type = Dynamic, int entries = DefaultEntries, double errorRate = DefaultErrorRate, int maxEntries = DefaultMaxEntries)
    {
        int bits = BloomSize.Bits(entries, errorRate);
        int hashes = BloomSize.Hashes(bits, entries);
        return type switch
        {
            Simple => new SimpleBloomFilter(BloomRow.Empty(bits, hashes)),
            Dynamic => new DynamicBloomFilter(bits, hashes, entries, maxEntries),
            _ => throw BloomText.Unknown(type, null),
        };
    }

    /// <summary>Reads a filter as a footer holds it.</summary>
    /// <param name="base64">The value of org.apache.hudi.bloomfilter.</param>
    /// <param name="typeCode">The value of hoodie_bloom_filter_type_code; null means SIMPLE.</param>
    /// <param name="path">The file, for errors.</param>
    public static BloomFilter Parse(ReadOnlySpan<byte> base64, string? typeCode, string? path = null) => BloomText.Parse(base64, typeCode, path);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, string?, string?)"/>
    public static BloomFilter Parse(string base64, string? typeCode, string? path = null) => BloomText.Parse(Encoding.UTF8.GetBytes(base64), typeCode, path);

    /// <summary>Adds a key. An empty key is an error, as it is in Hudi.</summary>
    public abstract void Add(ReadOnlySpan<byte> key);

    /// <summary>Adds all keys of a column without nulls, as <see cref="Add"/> would in their order, much faster.</summary>
    public void AddAll(StringArray keys) => AddAll(keys.ValueBuffer.Span, keys.ValueOffsets[..(keys.Length + 1)]);

    /// <summary>Adds the keys that lie between successive offsets.</summary>
    public abstract void AddAll(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets);

    /// <summary>False: the key was never added. True: it probably was. An empty key was never added.</summary>
    public abstract bool MightContain(ReadOnlySpan<byte> key);

    /// <summary>The share of absent keys for which <see cref="MightContain"/> is true, by how many bits are set. A filter with many more keys than it was made for nears 1 and helps nobody.</summary>
    public abstract double FalsePositiveRate { get; }

    /// <summary>Adds all keys of another filter of the same shape.</summary>
    public abstract void Or(BloomFilter other);

    /// <summary>The text for the footer: base64 of Hudi's big-endian binary.</summary>
    public string Serialize() => Encoding.ASCII.GetString(SerializeUtf8());

    /// <summary>The text for the footer as bytes.</summary>
    public byte[] SerializeUtf8()
    {
        int length = SerializedLength;
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(length)];
        Write(text);
        Base64.EncodeToUtf8InPlace(text, length, out _);
        return text;
    }

    protected abstract int SerializedLength { get; }

    protected abstract void Write(Span<byte> destination);

    protected static void RefuseEmpty(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "An empty record key cannot enter a bloom filter");
        }
    }

    protected static LakehouseException OtherShape() =>
        new(LakehouseErrorKind.InvalidInput, "Two bloom filters of different type, size or number of hashes cannot be joined");
}
