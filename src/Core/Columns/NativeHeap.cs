using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Columns;

/// <summary>
/// The C library's allocator, where our batches and those of ParquetSharp lie. glibc has an arena for each of many threads and keeps in it what was freed; batches are made by some threads of the
/// pool and freed by others, so that of a large merge as much may stay as it had at its peak.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Gives what is free back to the system. Does nothing where the C library has no such call.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            Trim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl, which keeps less.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keep);
}
