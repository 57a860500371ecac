using System.Text;
using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Row groups of a base file are passed over only where they have none of a log's keys.</summary>
public class KeyRangeTests
{
    [Fact]
    public void Rows_that_have_one_of_the_keys_are_never_ruled_out() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(), ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(), (log, stored) =>
        {
            var keys = log.Get.Select(k => Utf8(k.Get)).ToList();
            var rows = stored.Get.Select(k => Utf8(k.Get)).Append(keys[0]).Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToList();
            var range = new KeyRange();
            keys.ForEach(k => range.Add(k));
            return range.MightMeet(Range(rows[0], rows[^1])) && range.MightMeet(null) && range.MightMeet(new ColumnRange(null, null, null, null));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a", "b", false)]
    [InlineData("a", "m", true)]
    [InlineData("p", "z", true)]
    [InlineData("n", "o", true)]
    [InlineData("pa", "z", false)]
    public void Rows_before_and_after_all_keys_are_ruled_out(string min, string max, bool meets)
    {
        var range = new KeyRange();
        Assert.False(range.MightMeet(null));
        range.AddAll(new StringArray.Builder().Append("p").Append("m").Append("n").Build());
        Assert.Equal(meets, range.MightMeet(Range(Utf8(min), Utf8(max))));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static ColumnRange Range(byte[] min, byte[] max) => new(StatisticValue.OfText(min), StatisticValue.OfText(max), null, 0);
}
