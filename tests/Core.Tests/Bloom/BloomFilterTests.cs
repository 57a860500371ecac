using System.Text;
using System.Text.Json;
using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Bloom;

public class BloomFilterTests
{
    private static readonly JsonElement[] Vectors = [.. Repository.Vectors("bloom.jsonl")];

    [Fact]
    public void Sizes_are_Hudis()
    {
        foreach (var v in Of("size"))
        {
            int entries = v.GetProperty("numEntries").GetInt32();
            int bits = BloomSize.Bits(entries, ErrorRate(v));
            Assert.Equal((v.GetProperty("bits").GetInt32(), v.GetProperty("hashes").GetInt32()), (bits, BloomSize.Hashes(bits, entries)));
        }
    }

    [Fact]
    public void Filters_are_Hudis_bit_for_bit()
    {
        int count = 0;
        foreach (var v in Of("filter"))
        {
            string[] keys = Strings(v, "keys");
            string expected = v.GetProperty("serialized").GetString()!;
            var one = Create(v);
            foreach (string key in keys)
            {
                one.Add(Encoding.UTF8.GetBytes(key));
            }

            Assert.Equal(expected, one.Serialize());
            var bulk = Create(v);
            bulk.AddAll(Column(keys));
            Assert.Equal(expected, bulk.Serialize());

            var read = BloomFilter.Parse(expected, v.GetProperty("typeCode").GetString());
            Assert.Equal(expected, read.Serialize());
            Assert.All(Strings(v, "mightContain"), k => Assert.True(read.MightContain(Encoding.UTF8.GetBytes(k)), k));
            Assert.All(Strings(v, "mustNotContain"), k => Assert.False(read.MightContain(Encoding.UTF8.GetBytes(k)), k));
            count++;
        }

        Assert.Equal(20, count);
    }

    [Fact]
    public void A_key_sets_the_bits_that_Hudi_sets()
    {
        foreach (var v in Of("positions"))
        {
            var filter = BloomFilter.Create(BloomFilter.Simple, v.GetProperty("numEntries").GetInt32(), ErrorRate(v));
            filter.Add(Encoding.UTF8.GetBytes(v.GetProperty("key").GetString()!));
            byte[] bytes = Convert.FromBase64String(filter.Serialize());
            var set = Enumerable.Range(0, v.GetProperty("bits").GetInt32()).Where(i => (bytes[13 + (i / 8)] & (1 << (i % 8))) != 0);
            Assert.Equal(v.GetProperty("set").EnumerateArray().Select(e => e.GetInt32()), set);
        }
    }

    [Fact]
    public void Or_joins_two_filters()
    {
        foreach (var v in Of("or"))
        {
            string type = v.GetProperty("type").GetString()!;
            var left = BloomFilter.Parse(v.GetProperty("left").GetString()!, type);
            left.Or(BloomFilter.Parse(v.GetProperty("right").GetString()!, type));
            Assert.Equal(v.GetProperty("result").GetString(), left.Serialize());
        }

        Assert.Throws<LakehouseException>(() => BloomFilter.Create(BloomFilter.Simple, 10).Or(BloomFilter.Create(BloomFilter.Simple, 11)));
    }

    [Fact]
    public void An_empty_key_is_refused()
    {
        foreach (var v in Of("emptyKey"))
        {
            var filter = BloomFilter.Create(v.GetProperty("type").GetString()!);
            Assert.Throws<LakehouseException>(() => filter.Add([]));
            Assert.Throws<LakehouseException>(() => filter.AddAll(Column(["a", ""])));
        }
    }

    [Fact]
    public void Bulk_equals_one_by_one()
    {
        var lengths = Gen.Choose(1, 300);
        var keys = (from length in lengths from same in Gen.Choose(1, 40) from c in Gen.Choose(33, 0x2fff) select Enumerable.Range(0, same).Select(i => new string((char)c, length) + (char)(33 + i)))
            .ListOf().Select(l => l.SelectMany(x => x).ToArray());
        Prop.ForAll(keys.ToArbitrary(), batch =>
        {
            var one = BloomFilter.Create(entries: 20, errorRate: 0.001, maxEntries: 50);
            var bulk = BloomFilter.Create(entries: 20, errorRate: 0.001, maxEntries: 50);
            foreach (string key in batch)
            {
                one.Add(Encoding.UTF8.GetBytes(key));
            }

            int half = batch.Length / 3;
            bulk.AddAll(Column(batch[..half]));
            bulk.AddAll(Column(batch[half..]));
            return one.Serialize() == bulk.Serialize();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_rate_of_false_positives_follows_the_keys_in_it()
    {
        foreach (string type in (string[])[BloomFilter.Simple, BloomFilter.Dynamic])
        {
            var filter = BloomFilter.Create(type, 1000, 0.01, 1000);
            Assert.Equal(0, filter.FalsePositiveRate);
            filter.AddAll(Column([.. Enumerable.Range(0, 1000).Select(i => $"k{i}")]));
            Assert.InRange(filter.FalsePositiveRate, 0.005, 0.02);
            filter.AddAll(Column([.. Enumerable.Range(0, 20_000).Select(i => $"x{i}")]));
            Assert.InRange(filter.FalsePositiveRate, 0.9, 1);
        }
    }

    [Fact]
    public void Bulk_respects_a_sliced_column()
    {
        var column = Column(["a", "bb", "ccc"]);
        var slice = (StringArray)ArrowArrayFactory.Slice(column, 1, 2);
        var bulk = BloomFilter.Create(BloomFilter.Simple, 10, 0.01);
        bulk.AddAll(slice);
        var one = BloomFilter.Create(BloomFilter.Simple, 10, 0.01);
        one.Add("bb"u8);
        one.Add("ccc"u8);
        Assert.Equal(one.Serialize(), bulk.Serialize());
    }

    [Theory]
    [InlineData("!", "SIMPLE")]
    [InlineData("", "SIMPLE")]
    [InlineData("/////wAAAAcBAAAAYEgAAAAA", "SIMPLE")]
    [InlineData("/////wAAAAcBf////w==", "SIMPLE")]
    [InlineData("/////wAAAAcBAAAAYAAAAAoAAAAAf////w==", "DYNAMIC_V0")]
    [InlineData("/////wAAAAcBAAAAYAAAAAoAAAAA/////w==", "DYNAMIC_V0")]
    public void Damaged_text_is_refused(string text, string type) =>
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => BloomFilter.Parse(text, type)).Kind);

    [Fact]
    public void An_unknown_type_is_refused_by_name() =>
        Assert.Contains("CUCKOO", Assert.Throws<LakehouseException>(() => BloomFilter.Parse("", "CUCKOO")).Message);

    private static IEnumerable<JsonElement> Of(string op) => Vectors.Where(v => v.GetProperty("op").GetString() == op);

    private static double ErrorRate(JsonElement v) => double.Parse(v.GetProperty("errorRate").GetString()!);

    private static BloomFilter Create(JsonElement v) =>
        BloomFilter.Create(v.GetProperty("type").GetString()!, v.GetProperty("numEntries").GetInt32(), ErrorRate(v), v.GetProperty("maxEntries").GetInt32());

    private static string[] Strings(JsonElement v, string name) => [.. v.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    private static StringArray Column(string[] keys) => new StringArray.Builder().AppendRange(keys).Build();
}
