using OllaLab.Lakehouse.Indexing;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Which file group of a partition a key belongs to: a position in the groups sorted by file id (HoodieTableMetadataUtil.mapRecordKeyToFileGroupIndex).</summary>
internal static class MetadataShards
{
    /// <param name="key">The whole key; in version 2 of a secondary index its <see cref="SecondaryKeys.Prefix"/>.</param>
    /// <param name="count">File groups there are.</param>
    public static int Of(string key, int count) => Of(JavaHash.Of(key), count);

    /// <summary>The same of a key's UTF-8.</summary>
    public static int Of(ReadOnlySpan<byte> key, int count) => Of(JavaHash.OfUtf8(key), count);

    /// <summary>The absolute value of Java's remainder; Math.abs leaves the least int as it is.</summary>
    private static int Of(int hash, int count) => Math.Abs((hash == int.MinValue ? hash : Math.Abs(hash)) % count);
}
