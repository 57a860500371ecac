using System.Text;
using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Tests.Arrays;

public class KeyMapTests
{
    [Fact]
    public void It_numbers_distinct_keys_like_a_dictionary()
    {
        var key = Gen.Choose(0, 400).Select(i => i % 7 == 0 ? $"é{i}" : $"k{i}");
        Prop.ForAll(key.ListOf().Select(l => l.ToArray()).ListOf().ToArbitrary(), batches =>
        {
            var map = new KeyMap();
            var model = new Dictionary<string, int>();
            foreach (string[] batch in batches)
            {
                int[] numbers = new int[batch.Length];
                if (batch.Length % 3 == 0)
                {
                    map.Reserve(2 * batch.Length);
                }

                map.AddAll(Column(batch), numbers);
                for (int i = 0; i < batch.Length; i++)
                {
                    model.TryAdd(batch[i], model.Count);
                    if (numbers[i] != model[batch[i]])
                    {
                        return false;
                    }
                }
            }

            int[] found = new int[model.Count];
            return map.Count == model.Count && model.All(m => Encoding.UTF8.GetString(map[m.Value]) == m.Key)
                && map.FindAll(Column([.. model.Keys]), found) == model.Count && found.SequenceEqual(model.Values);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void It_finds_a_column_of_keys_with_nulls_and_slices()
    {
        var map = new KeyMap();
        map.AddAll(Column("a", "b", "c"), new int[3]);
        var column = (StringArray)ArrowArrayFactory.Slice(new StringArray.Builder().Append("x").Append("c").AppendNull().Append("a").Append("d").Build(), 1, 4);
        int[] found = new int[4];
        Assert.Equal(2, map.FindAll(column, found));
        Assert.Equal([2, -1, 0, -1], found);
    }

    [Fact]
    public void It_takes_about_twenty_bytes_a_key()
    {
        var map = new KeyMap();
        const int keys = 200_000;
        map.AddAll(Column([.. Enumerable.Range(0, keys).Select(i => $"key-{i}")]), new int[keys]);
        Assert.Equal(keys, map.Count);
        Assert.InRange(map.MemoryBytes / keys, 12, 32);
    }

    private static StringArray Column(params string[] keys) => new StringArray.Builder().AppendRange(keys).Build();
}
