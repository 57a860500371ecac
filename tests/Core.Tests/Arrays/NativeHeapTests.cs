using System.Runtime.InteropServices;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Tests.Arrays;

public sealed class NativeHeapTests
{
    /// <summary>Blocks that other threads took and this one frees stay in those threads' arenas, below one that is in use.</summary>
    [Fact]
    public void What_was_freed_goes_back_to_the_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("libc.so.6", StringComparison.Ordinal), "glibc keeps what is freed");
        var blocks = new nint[4096];
        var thread = new Thread(() =>
        {
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = Marshal.AllocHGlobal(64 << 10);
                unsafe
                {
                    new Span<byte>((void*)blocks[i], 64 << 10).Fill(1);
                }
            }
        });
        thread.Start();
        thread.Join();
        foreach (nint block in blocks.AsSpan(0, blocks.Length - 1))
        {
            Marshal.FreeHGlobal(block);
        }

        long before = Private();
        NativeHeap.Trim();
        long after = Private();
        Marshal.FreeHGlobal(blocks[^1]);
        Assert.True(after < before - (100 << 10) || before < 150 << 10, $"{before} kB before, {after} kB after");
    }

    private static long Private() =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).AsSpan(8).Trim().TrimEnd(" kB"), System.Globalization.CultureInfo.InvariantCulture);
}
