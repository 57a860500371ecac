using System.Text.Json;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>HFiles of Hudi's own writer, read whole and looked up in.</summary>
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

    /// <summary>A seek that finds its key (code 0) and one that does not; prefixes; many keys in one pass.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task LookUpsAreThoseOfHudi(string name)
    {
        var file = await HFileSamples.Open(File.ReadAllBytes(Path.Combine(Folder, name + ".hfile")));
        foreach (var answer in Repository.Vectors($"hfiles/{name}.jsonl"))
        {
            switch (answer.GetProperty("op").GetString())
            {
                case "file":
                    await CheckInfoAsync(answer, file);
                    break;
                case "seek":
                    Assert.Equal(answer.GetProperty("code").GetInt32() == 0, await file.FindAsync(answer.GetProperty("key").GetBytesFromBase64(), default) is not null);
                    break;
                case "prefix":
                    var cells = await CollectAsync(file.ReadPrefixAsync(answer.GetProperty("prefix").GetBytesFromBase64(), default));
                    Assert.Equal(answer.GetProperty("count").GetInt32(), cells.Count);
                    Assert.Equal(answer.GetProperty("first").GetString(), cells.FirstOrDefault().Key);
                    Assert.Equal(answer.GetProperty("last").GetString(), cells.LastOrDefault().Key);
                    break;
                case "forwardSeeks":
                    var steps = answer.GetProperty("steps").EnumerateArray().ToList();
                    var found = new List<int>();
                    await file.FindAsync([.. steps.Select(s => (ReadOnlyMemory<byte>)s.GetProperty("key").GetBytesFromBase64())], (i, _) => found.Add(i), default);
                    Assert.Equal(Enumerable.Range(0, steps.Count).Where(i => steps[i].GetProperty("code").GetInt32() == 0), found);
                    break;
            }
        }
    }

    private static async Task CheckInfoAsync(JsonElement answer, HFile file)
    {
        Assert.Equal(answer.GetProperty("entries").GetInt64(), file.Trailer.EntryCount);
        foreach (var info in answer.GetProperty("fileInfo").EnumerateObject())
        {
            Assert.Equal(info.Value.GetString(), file.Info.TryGetValue(info.Name, out var value) ? Convert.ToBase64String(value.Span) : null);
        }

        foreach (var meta in answer.GetProperty("metaBlocks").EnumerateObject())
        {
            Assert.Equal(meta.Value.GetString(), await file.ReadMetaAsync(meta.Name, default) is { } value ? Convert.ToBase64String(value.Span) : null);
        }
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

    private static async Task<List<(string Key, string Value)>> ReadAsync(byte[] bytes) => await CollectAsync((await HFileSamples.Open(bytes)).ReadDataBlocksAsync(default));

    private static async Task<List<(string Key, string Value)>> CollectAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> blocks)
    {
        var found = new List<(string Key, string Value)>();
        await foreach (var block in blocks)
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
