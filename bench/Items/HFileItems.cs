using System.Diagnostics;
using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Look-ups in an HFile of 200 000 keys with values of 60 bytes, gzip, on local disk.</summary>
internal static class HFileItems
{
    private const int Keys = 200_000;
    private const int Every = 4;
    private const int Cold = 41;
    private const int Tail = 64 * 1024;
    private const int DontNeed = 4;

    /// <summary>Every fourth key in one batch.</summary>
    public static async Task<Measured> BatchAsync(ItemContext context)
    {
        var (store, keys, length) = await MakeAsync(context);
        var file = await HFile.OpenAsync(store, "h", length, default);
        async Task<double> Find()
        {
            var found = 0;
            await file.FindAsync(keys, (_, _) => found++, default);
            return found;
        }

        await Find();
        await Find();
        var measured = await Meter.RunAsync(Find);
        return measured.Check == Keys / Every ? OurReads.PerKey(measured, Keys / Every) : throw new InvalidOperationException("Keys were not found.");
    }

    /// <summary>What any look-up that touches all blocks has to do.</summary>
    public static async Task<Measured> InflateAsync(ItemContext context)
    {
        var (store, _, length) = await MakeAsync(context);
        var file = await HFile.OpenAsync(store, "h", length, default);
        async Task<double> Inflate()
        {
            var bytes = 0L;
            await foreach (var block in file.ReadDataBlocksAsync(default))
            {
                bytes += block.Length;
            }

            return bytes;
        }

        await Inflate();
        await Inflate();
        var measured = await Meter.RunAsync(Inflate);
        return measured with { Note = string.Create(CultureInfo.InvariantCulture, $" ({measured.Check / 1e3 / measured.Wall:N0} MB/s)") };
    }

    /// <summary>Opening the file and one key.</summary>
    public static async Task<Measured> ColdAsync(ItemContext context)
    {
        var (store, keys, length) = await MakeAsync(context);
        return await RepeatAsync(store, async i => await (await HFile.OpenAsync(store, "h", length, default)).FindAsync(keys[Place(i, keys.Count)], default) is not null);
    }

    /// <summary>The two reads of the file that this takes.</summary>
    public static async Task<Measured> ReadColdAsync(ItemContext context)
    {
        var (store, _, length) = await MakeAsync(context);
        var (end, block) = (new byte[Math.Min(length, Tail)], new byte[32 * 1024]);
        return await RepeatAsync(store, async i =>
            await store.ReadRangeAsync("h", length - end.Length, end) > 0 && await store.ReadRangeAsync("h", Math.Max(0, (long)((double)Place(i, 1000) / 1000 * (length - end.Length))), block) > 0);
    }

    private static int Place(int i, int of) => (int)((long)(i + 1) * 7919 % of);

    private static async Task<Measured> RepeatAsync(LocalObjectStore store, Func<int, Task<bool>> read)
    {
        for (var i = 0; i < Cold; i++)
        {
            await read(i);
        }

        var times = new List<double>();
        var measured = await Meter.RunAsync(async () =>
        {
            var found = 0;
            for (var i = 0; i < Cold; i++)
            {
                Forget(Path.Combine(store.Root, "h"));
                var started = Stopwatch.GetTimestamp();
                found += await read(i) ? 1 : 0;
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return found;
        });
        return measured.Check == Cold ? measured with { Wall = Statistics.Median(times), Cpu = measured.Cpu / Cold } : throw new InvalidOperationException("Keys were not found.");
    }

    // Takes the file's pages out of the system's cache, where its file system lets it.
    private static void Forget(string path)
    {
        using var file = File.OpenHandle(path);
        RandomAccess.FlushToDisk(file);
        _ = Native.posix_fadvise((int)file.DangerousGetHandle(), 0, 0, DontNeed);
    }

    private static async Task<(LocalObjectStore Store, List<ReadOnlyMemory<byte>> Sought, long Length)> MakeAsync(ItemContext context)
    {
        var store = new LocalObjectStore(context.Work.New());
        var sought = new List<ReadOnlyMemory<byte>>();
        await using var target = await store.CreateAsync("h");
        var writer = new HFileWriter(target.Stream, HFileCodec.Gzip, "\"string\""u8);
        var value = new byte[60];
        for (var i = 0; i < Keys; i++)
        {
            var key = Encoding.UTF8.GetBytes($"key-{i:D10}");
            BitConverter.TryWriteBytes(value, i * 7919L);
            writer.Add(key, value);
            if (i % Every == 0)
            {
                sought.Add(key);
            }
        }

        writer.Finish();
        return (store, sought, await target.CompleteAsync());
    }

    private static class Native
    {
        [System.Runtime.InteropServices.DllImport("libc")]
        public static extern int posix_fadvise(int descriptor, long offset, long length, int advice);
    }
}
