using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Metadata;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

public class SortedKeysTests
{
    [Fact]
    public void Keys_are_sorted_by_their_bytes() => Prop.ForAll(ArbMap.Default.ArbFor<(string[] Texts, byte Prefix)>(), t => Check(t.Texts, t.Prefix)).QuickCheckThrowOnFailure();

    private static void Check(string[] texts, byte prefix)
    {
        // Many with a long prefix in common, some that end within the eight bytes.
        string[] keys = [.. texts.Where(t => t is not null).Select(t => new string('p', prefix % 11) + t.Replace("\ud800", "", StringComparison.Ordinal)).Concat(["", "a", "a\0", "a\0\0b"]).Where(k => !k.Any(char.IsSurrogate))];
        var map = new KeyMap();
        map.AddAll(new StringArray.Builder().AppendRange(keys).Build(), new int[keys.Length]);
        int[] numbers = [.. Enumerable.Range(0, map.Count).Reverse()];
        SortedKeys.Sort(map, numbers);
        for (int i = 1; i < numbers.Length; i++)
        {
            Assert.True(map[numbers[i - 1]].SequenceCompareTo(map[numbers[i]]) < 0);
        }

        Assert.Equal(map.Count, numbers.Distinct().Count());
    }
}
