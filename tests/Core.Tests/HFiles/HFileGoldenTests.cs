using System.IO.Compression;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.HFiles;

/// <summary>All HFiles of the metadata tables of the golden tables, by HBase and by Hudi's own writer, base files and blocks of logs: keys ascend, and each is found.</summary>
public sealed class HFileGoldenTests
{
    [Fact]
    public async Task EveryFileIsReadAndLookedUpIn()
    {
        int files = 0, blocks = 0;
        foreach (var name in Golden.Names())
        {
            using var zip = ZipFile.OpenRead(Path.Combine(Repository.Goldens, name + ".zip"));
            foreach (var entry in zip.Entries.Where(e => e.FullName.Contains(".hoodie/metadata/", StringComparison.Ordinal) && e.Length > 0))
            {
                if (entry.Name.EndsWith(".hfile", StringComparison.Ordinal))
                {
                    await CheckAsync(await BytesAsync(entry));
                    files++;
                }
                else if (entry.Name.Contains(".log.", StringComparison.Ordinal))
                {
                    var bytes = await BytesAsync(entry);
                    var store = new MemoryObjectStore();
                    await store.PutAsync("log", bytes, PutCondition.None);
                    foreach (var block in await LogFileReader.ReadBlocksAsync(store, "log", bytes.Length, default).Where(b => b.Type == LogBlockType.HFileData).ToListAsync())
                    {
                        await CheckAsync(bytes[(int)block.ContentStart..(int)(block.ContentStart + block.ContentLength)]);
                        blocks++;
                    }
                }
            }
        }

        Assert.InRange(files, 150, int.MaxValue);
        Assert.InRange(blocks, 500, int.MaxValue);
    }

    private static async Task CheckAsync(byte[] bytes)
    {
        var file = await HFileSamples.Open(bytes);
        var cells = HFileSamples.CellsOf(file.ReadDataBlocksAsync(default));
        Assert.Equal(file.Trailer.EntryCount, cells.Count);
        Assert.Equal(cells, HFileSamples.Find(file, [.. cells.Select(c => c.Key)]));
        Assert.True(file.Info.ContainsKey(HFileInfo.Schema));
    }

    private static async Task<byte[]> BytesAsync(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        await using var stream = await entry.OpenAsync();
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
