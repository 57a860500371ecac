using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>HFiles in memory.</summary>
internal static class HFileSamples
{
    public static ReadOnlySpan<byte> Schema => "\"string\""u8;

    /// <summary>Distinct keys in the order of their bytes, with values of any length.</summary>
    public static Arbitrary<(string Key, string Value)[]> Cells { get; } = Gen.Choose(0, 120).SelectMany(count => Gen.ListOf(
        from parts in Gen.Choose(0, 9).SelectMany(n => Gen.ArrayOf(Gen.Elements("a", "b", "\0", "key", "\u00e9", "\uFF5E", "\uD83D\uDE00", new string('x', 60)), n))
        from value in Gen.Choose(0, 200)
        select (Key: string.Concat(parts), Value: new string((char)('a' + (value % 26)), value)), count))
        .Select(cells => cells.DistinctBy(c => c.Key).OrderBy(c => Encoding.UTF8.GetBytes(c.Key), Utf8Order).ToArray()).ToArbitrary();

    public static Comparer<byte[]> Utf8Order { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    public static byte[] Write(IEnumerable<(string Key, string Value)> cells, HFileCodec codec, int blockBytes = HFileWriter.MostBlockBytes)
    {
        var file = new MemoryStream();
        var writer = new HFileWriter(file, codec, Schema, blockBytes);
        foreach (var (key, value) in cells)
        {
            writer.Add(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
        }

        Assert.Equal(writer.Finish(), file.Length);
        return file.ToArray();
    }

    public static List<(string Key, string Value)> Read(byte[] bytes)
    {
        var store = new MemoryObjectStore();
        store.PutAsync("h", bytes, PutCondition.None).AsTask().GetAwaiter().GetResult();
        return ReadAsync(store).GetAwaiter().GetResult();
    }

    private static async Task<List<(string Key, string Value)>> ReadAsync(MemoryObjectStore store)
    {
        var file = await HFile.OpenAsync(store, "h", (await store.GetInfoAsync("h"))!.Value.Length, CancellationToken.None);
        var found = new List<(string Key, string Value)>();
        await foreach (var block in file.ReadDataBlocksAsync(CancellationToken.None))
        {
            Collect(block.Span, found);
        }

        return found;
    }

    private static void Collect(ReadOnlySpan<byte> block, List<(string Key, string Value)> found)
    {
        var cells = new HFileCells(block, "h");
        while (cells.MoveNext())
        {
            found.Add((Encoding.UTF8.GetString(cells.Key), Encoding.UTF8.GetString(cells.Value)));
        }
    }
}
