using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

public sealed class RecordPositionsTests
{
    [Fact]
    public void TextIsHudis()
    {
        int cases = 0;
        foreach (var vector in Repository.Vectors("roaring-positions.jsonl"))
        {
            var positions = vector.GetProperty("positions").EnumerateArray().Select(p => p.GetInt64()).ToArray();
            var header = vector.GetProperty("header").GetString()!;
            Assert.Equal(positions, RecordPositions.Decode(header));
            Assert.Equal(header, RecordPositions.Encode(positions));
            cases++;
        }

        Assert.True(cases > 20);
    }

    [Fact]
    public void RoundTrip() => Prop.ForAll(
        Gen.Choose(0, 200_000).NonEmptyListOf().Select(list => list.Select((gap, i) => (long)gap * (i % 7 == 0 ? 1 : 30_000)).Where(v => v >= 0).Distinct().Order().ToArray()).ToArbitrary(),
        positions => RecordPositions.Decode(RecordPositions.Encode(positions)).SequenceEqual(positions)).QuickCheckThrowOnFailure();

    [Fact]
    public void DamageIsNamed()
    {
        var good = Convert.FromBase64String(RecordPositions.Encode([.. Enumerable.Range(0, 3000).Select(i => (long)i * 37)]));
        var random = new System.Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(random.Next(2) == 0 ? 60 : bytes.Length)] = (byte)random.Next(256);
            }

            Outcome(Convert.ToBase64String(bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]));
        }

        Assert.Throws<LakehouseException>(() => RecordPositions.Decode("no base64"));
        Assert.Throws<LakehouseException>(() => RecordPositions.Decode(string.Empty));
        Assert.Throws<ArgumentException>(() => RecordPositions.Encode([3, 3]));
        Assert.Throws<ArgumentException>(() => RecordPositions.Encode([-1]));
    }

    private static void Outcome(string header)
    {
        try
        {
            var positions = RecordPositions.Decode(header);
            Assert.True(positions.Zip(positions.Skip(1)).All(pair => pair.First < pair.Second));
        }
        catch (LakehouseException e)
        {
            Assert.Equal(LakehouseErrorKind.Corrupt, e.Kind);
        }
    }
}
