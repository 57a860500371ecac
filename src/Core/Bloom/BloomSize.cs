namespace OllaLab.Lakehouse.Bloom;

/// <summary>How many bits and hashes a filter gets (org.apache.hudi.common.bloom.BloomFilterUtils). The order of the operations decides the last bit: keep it.</summary>
internal static class BloomSize
{
    private static readonly double Log2Squared = Math.Log(2) * Math.Log(2);

    public static int Bits(int entries, double errorRate)
    {
        if (entries < 1 || !(errorRate > 0 && errorRate < 1))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A bloom filter for {entries} entries with error rate {errorRate} is not possible",
                remedy: "Give at least 1 entry and an error rate between 0 and 1");
        }

        double bits = Math.Ceiling(entries * (-Math.Log(errorRate) / Log2Squared));
        return bits <= int.MaxValue - 7 ? (int)bits
            : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A bloom filter for {entries} entries with error rate {errorRate} is too large", remedy: "Lower the number of entries");
    }

    public static int Hashes(int bits, int entries) => (int)Math.Ceiling(Math.Log(2) * bits / entries);
}
