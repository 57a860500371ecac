using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.HFiles;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>Look-ups and prefixes in files of any shape, against a dictionary; and files that other writers made.</summary>
public sealed class HFileLookupTests
{
    public static TheoryData<string> Shapes => ["ours", "gzip", "bare", "protobuf", "fake", "two levels", "three levels"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void FindsWhatIsThere(string shape) => Prop.ForAll(HFileSamples.Cells, HFileSamples.Cells, (cells, others) =>
    {
        var file = HFileSamples.Open(HFileSamples.Shaped(cells, shape)).GetAwaiter().GetResult();
        var model = cells.ToDictionary(c => c.Key, c => c.Value);
        Assert.Equal(cells, HFileSamples.CellsOf(file.ReadDataBlocksAsync(default)));
        var sought = cells.Concat(others).Select(c => c.Key).OrderBy(k => Encoding.UTF8.GetBytes(k), HFileSamples.Utf8Order).ToList();
        foreach (int step in new[] { 1, 7 })
        {
            var keys = sought.Where((_, i) => i % step == 0).ToList();
            Assert.Equal(keys.Where(model.ContainsKey).Select(k => (k, model[k])), HFileSamples.Find(file, keys));
        }

        foreach (var key in sought.Where((_, i) => i % 5 == 0))
        {
            var value = file.FindAsync(Encoding.UTF8.GetBytes(key), default).AsTask().GetAwaiter().GetResult();
            Assert.Equal(model.GetValueOrDefault(key), value is { } found ? Encoding.UTF8.GetString(found.Span) : null);
            var prefix = key[..(key.Length / 3)];
            if (!char.IsHighSurrogate(prefix.LastOrDefault()))
            {
                Assert.Equal(cells.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)), HFileSamples.CellsOf(file.ReadPrefixAsync(Encoding.UTF8.GetBytes(prefix), default)));
            }
        }
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30));

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task DamageIsNamed(string shape)
    {
        var good = HFileSamples.Shaped([.. Enumerable.Range(0, 60).Select(i => ($"key-{i:D3}" + new string('x', i % 4 * 50), new string('v', i)))], shape);
        var random = new Random(5);
        for (int i = 0; i < 400; i++)
        {
            var bytes = (byte[])good.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(2) == 0 ? random.Next(bytes.Length - 4096 + 100) : random.Next(bytes.Length - 4096, bytes.Length - 3990)] = (byte)random.Next(256);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = await HFileSamples.Open(i % 4 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
                HFileSamples.Find(file, [.. Enumerable.Range(0, 60).Select(n => $"key-{n:D3}")]);
                HFileSamples.CellsOf(file.ReadPrefixAsync("key-03"u8.ToArray(), default));
                HFileSamples.CellsOf(file.ReadDataBlocksAsync(default));
            }
            catch (LakehouseException e)
            {
                Assert.True(e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported, e.Message);
                Assert.Equal("h", e.Path);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30_000_000);
        }
    }

    /// <summary>No byte of a block can change unseen but the type of its checksums, of which an unknown one is not verified.</summary>
    [Fact]
    public async Task ChecksumsAreVerified()
    {
        var good = HFileSamples.Write([.. Enumerable.Range(0, 20).Select(i => ($"key-{i:D3}", "value"))], HFileCodec.None);
        var types = new List<int>();
        for (int at = 0; at < good.Length - 4096; at += 33 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(good.AsSpan(at + 8)))
        {
            types.Add(at + 24);
        }

        foreach (int at in Enumerable.Range(0, good.Length - 4096).Except(types))
        {
            var bytes = (byte[])good.Clone();
            bytes[at] ^= 0x10;
            await Assert.ThrowsAsync<LakehouseException>(async () => HFileSamples.CellsOf((await HFileSamples.Open(bytes)).ReadDataBlocksAsync(default)));
        }
    }
}
