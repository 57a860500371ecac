using System.Numerics;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// Finds the number of buckets, which Hudi stores nowhere, from keys and the buckets that they are in: it divides the difference of every key's hash and bucket, and is greater than every bucket.
/// </summary>
internal sealed class BucketCount(IReadOnlyList<string> hashFields)
{
    private int divisor;
    private int greatest;

    /// <summary>The number, as soon as only one is possible; 0: several are.</summary>
    public int Found { get; private set; }

    public void Add(string key, int bucket)
    {
        int difference = BucketIdentifier.Hash(key, hashFields) - bucket;
        int before = divisor;
        divisor = (int)BigInteger.GreatestCommonDivisor(divisor, difference);
        if (divisor == before && bucket <= greatest)
        {
            return;
        }

        greatest = Math.Max(greatest, bucket);
        if (divisor != 0)
        {
            Settle();
        }
    }

    private void Settle()
    {
        var possible = new SortedSet<int>();
        for (int d = 1; (long)d * d <= divisor; d++)
        {
            if (divisor % d == 0)
            {
                possible.UnionWith(new[] { d, divisor / d }.Where(n => n > greatest));
            }
        }

        Found = possible.Count == 1 ? possible.Min : 0;
    }
}
