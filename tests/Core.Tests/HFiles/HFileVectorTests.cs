using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>HFiles of Hudi's own writer, read whole.</summary>
public sealed class HFileVectorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "vectors", "hfiles");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.hfile").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EntriesAreThoseThatHudiReads(string name)
    {
        var answers = Repository.Vectors($"hfiles/{name}.jsonl").ToList();
        var expected = answers.Where(a => a.GetProperty("op").GetString() == "entry").Select(a => (Key: a.GetProperty("key").GetString()!, Value: a.GetProperty("value").GetString()!)).ToList();
        var found = await ReadAsync(File.ReadAllBytes(Path.Combine(Folder, name + ".hfile")));
        Assert.Equal(answers[0].GetProperty("entries").GetInt32(), found.Count);
        Assert.Equal(expected, found.Where((_, i) => expected.Count == found.Count || i < expected.Count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task DamageIsNamed(string name)
    {
        var good = File.ReadAllBytes(Path.Combine(Folder, name + ".hfile"));
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
        {
            var bytes = (byte[])good.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Headers are damaged more often than cells, the zeros of the trailer not at all.
                int place = random.Next(3) switch { 0 => random.Next(Math.Min(64, bytes.Length)), 1 => bytes.Length - 4096 + random.Next(100), _ => random.Next(bytes.Length - 4096 + 100) };
                bytes[place] = (byte)random.Next(256);
            }

            try
            {
                await ReadAsync(i % 3 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            }
            catch (LakehouseException e)
            {
                Assert.True(e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported, e.Message);
                Assert.Equal("h", e.Path);
            }
        }
    }

    private static async Task<List<(string Key, string Value)>> ReadAsync(byte[] bytes)
    {
        var store = new MemoryObjectStore();
        await store.PutAsync("h", bytes, PutCondition.None);
        var file = await HFile.OpenAsync(store, "h", bytes.Length, CancellationToken.None);
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
            found.Add((Convert.ToBase64String(cells.Key), Convert.ToBase64String(cells.Value)));
        }
    }
}
