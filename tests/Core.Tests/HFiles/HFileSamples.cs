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

    /// <summary>A file as other writers have it: bare or protobuf index keys (Hudi 1.1), shortened first keys or several levels of index (HBase).</summary>
    public static byte[] Shaped((string Key, string Value)[] cells, string shape) =>
        shape is "ours" or "gzip" ? Write(cells, shape == "gzip" ? HFileCodec.Gzip : HFileCodec.None, 200) : new HFileShape(shape).Write(cells);

    public static List<(string Key, string Value)> Read(byte[] bytes) => CellsOf(Open(bytes).GetAwaiter().GetResult().ReadDataBlocksAsync(default));

    public static async Task<HFile> Open(byte[] bytes)
    {
        var store = new MemoryObjectStore();
        await store.PutAsync("h", bytes, PutCondition.None);
        return await HFile.OpenAsync(store, "h", bytes.Length, CancellationToken.None);
    }

    public static List<(string Key, string Value)> Find(HFile file, List<string> keys)
    {
        var found = new List<(string Key, string Value)>();
        file.FindAsync([.. keys.Select(k => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(k))], (i, value) => found.Add((keys[i], Encoding.UTF8.GetString(value.Span))), default)
            .AsTask().GetAwaiter().GetResult();
        return found;
    }

    public static List<(string Key, string Value)> CellsOf(IAsyncEnumerable<ReadOnlyMemory<byte>> blocks)
    {
        var found = new List<(string Key, string Value)>();
        foreach (var block in blocks.ToBlockingEnumerable())
        {
            var cells = new HFileCells(block.Span, "h");
            while (cells.MoveNext())
            {
                found.Add((Encoding.UTF8.GetString(cells.Key), Encoding.UTF8.GetString(cells.Value)));
                Assert.Equal(cells.Value, block.Span.Slice(cells.ValueStart, cells.Value.Length));
            }
        }

        return found;
    }
}
