using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Indexing;

namespace OllaLab.Lakehouse.Index.Tests;

public class BucketCountTests
{
    [Fact]
    public void A_number_that_is_found_is_the_one_that_the_keys_were_spread_by() => Prop.ForAll(
        Arb.From(from buckets in Gen.Choose(1, 300) from keys in Gen.ListOf(Gen.Choose(0, 100_000)) select (buckets, keys)),
        c =>
        {
            var count = new BucketCount(["id"]);
            foreach (var key in c.keys)
            {
                count.Add($"k{key}", BucketIdentifier.BucketId($"k{key}", ["id"], c.buckets));
                Assert.True(count.Found == 0 || count.Found == c.buckets);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(256)]
    public void Some_keys_tell_it(int buckets)
    {
        var count = new BucketCount(["id"]);
        for (int key = 0; key < 2_000; key++)
        {
            count.Add($"k{key}", BucketIdentifier.BucketId($"k{key}", ["id"], buckets));
        }

        Assert.Equal(buckets, count.Found);
    }
}
