using System.Text;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>An HFile of 200 000 keys with values of 60 bytes, gzip, on local disk.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class HFileKernels
{
    private const int Keys = 200_000;
    private readonly List<ReadOnlyMemory<byte>> sought = [];
    private string folder = null!;
    private LocalObjectStore store = null!;
    private HFile file = null!;
    private long length;

    /// <summary>Writes the file; every fourth key is looked up.</summary>
    [GlobalSetup]
    public async Task MakeAsync()
    {
        folder = Directory.CreateTempSubdirectory("hfile-bench").FullName;
        store = new LocalObjectStore(folder);
        await using (var target = await store.CreateAsync("h"))
        {
            Write(target.Stream, sought);
            length = await target.CompleteAsync();
        }

        file = await HFile.OpenAsync(store, "h", length, default);
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    /// <summary>50 000 keys in order; the time of one.</summary>
    [Benchmark(OperationsPerInvoke = Keys / 4)]
    public async Task<int> SortedBatch()
    {
        int found = 0;
        await file.FindAsync(sought, (_, _) => found++, default);
        return found;
    }

    /// <summary>Opening the file and one key.</summary>
    [Benchmark]
    public async Task<bool> OpenAndFind() => await (await HFile.OpenAsync(store, "h", length, default)).FindAsync(sought[Keys / 8], default) is not null;

    /// <summary>One cell written.</summary>
    [Benchmark(OperationsPerInvoke = Keys)]
    public long Write() => Write(new MemoryStream(), []);

    private static long Write(Stream target, List<ReadOnlyMemory<byte>> every4)
    {
        var writer = new HFileWriter(target, HFileCodec.Gzip, "\"string\""u8);
        var value = new byte[60];
        for (int i = 0; i < Keys; i++)
        {
            var key = Encoding.UTF8.GetBytes($"key-{i:D10}");
            BitConverter.TryWriteBytes(value, i * 7919L);
            writer.Add(key, value);
            if (i % 4 == 0)
            {
                every4.Add(key);
            }
        }

        return writer.Finish();
    }
}
