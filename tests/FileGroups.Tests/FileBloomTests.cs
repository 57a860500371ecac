using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Bloom;

namespace OllaLab.Lakehouse.FileGroups.Tests;

public class FileBloomTests
{
    [Theory]
    [InlineData(BloomFilter.Dynamic)]
    [InlineData(BloomFilter.Simple)]
    public void A_filter_filled_in_parts_holds_every_key_and_few_others(string type)
    {
        var settings = new BaseFileSettings { BloomType = type, RowGroupRows = 2_000, BloomEntries = 1_000, BloomFalsePositives = 1e-6 };
        var bloom = new FileBloom(settings, keys: null, expectedKeys: 7_000);
        for (var group = 0; group < 7; group++)
        {
            bloom.Add(bloom.Reserve(1_000), [Keys(group * 1_000, 1_000)]);
        }

        var filter = BloomFilter.Parse(bloom.Finish().Serialize(), type);
        Assert.All(Enumerable.Range(0, 7_000), k => Assert.True(filter.MightContain(Encoding.UTF8.GetBytes($"k{k}"))));
        Assert.True(Enumerable.Range(100_000, 20_000).Count(k => filter.MightContain(Encoding.UTF8.GetBytes($"k{k}"))) < 20);
    }

    [Fact]
    public void A_filter_is_no_larger_than_its_keys_need()
    {
        var settings = new BaseFileSettings { RowGroupRows = 2_000, BloomEntries = 1_000 };
        var bloom = new FileBloom(settings, keys: null, expectedKeys: 1_000_000);
        bloom.Add(bloom.Reserve(2_000), [Keys(0, 2_000)]);
        bloom.Add(bloom.Reserve(2_000), [Keys(2_000, 2_000)]);
        Assert.InRange(bloom.Finish().Serialize().Length, 1, 4_000 * 8);
    }

    [Theory]
    [InlineData(10, 1_000)]
    [InlineData(4_000, 6_000)]
    [InlineData(50_000, 60_000)]
    [InlineData(80_000, 80_000)]
    public void A_filter_of_known_keys_has_room_for_a_few_more(int keys, int room)
    {
        var bloom = new FileBloom(new BaseFileSettings(), keys, expectedKeys: 10_000_000);
        bloom.Add(bloom.Reserve(keys), [Keys(0, keys)]);
        var filter = BloomFilter.Parse(bloom.Finish().Serialize(), BloomFilter.Dynamic);
        Assert.Equal(room, filter.Capacity);
        Assert.All(Enumerable.Range(0, keys), k => Assert.True(filter.MightContain(Encoding.UTF8.GetBytes($"k{k}"))));
    }

    private static StringArray Keys(int first, int count)
    {
        var builder = new StringArray.Builder();
        for (var i = first; i < first + count; i++)
        {
            builder.Append($"k{i}");
        }

        return builder.Build();
    }
}
