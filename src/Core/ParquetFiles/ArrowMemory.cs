using ParquetSharp;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Where Arrow C++ takes its memory from: the system's allocator. Its own default keeps pages that were freed for each thread that ever used them, which counts against what a write may hold.
/// </summary>
internal static class ArrowMemory
{
    public static readonly MemoryPool Pool = MemoryPool.SystemMemoryPool();
}
