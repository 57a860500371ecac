using System.Buffers;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Memory;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Arrow buffers in native memory: what is exported to ParquetSharp and DuckDB must not be moved by the garbage collector.</summary>
internal static class NativeBuffers
{
    private const int Alignment = MemoryAllocator.DefaultAlignment;

    public static unsafe ArrowBuffer Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ArrowBuffer.Empty;
        }

        int length = checked((bytes.Length + Alignment - 1) & -Alignment);
        nint start = Marshal.AllocHGlobal(checked(length + Alignment));
        int offset = Alignment - (int)(start & (Alignment - 1));

        // Taken off again when Arrow frees the memory.
        GC.AddMemoryPressure(length + Alignment);
        var target = new Span<byte>((void*)(start + offset), length);
        bytes.CopyTo(target);
        target[bytes.Length..].Clear();

        // Arrow lets a buffer own native memory only as a clone, for which it zeroes and copies twice: cloned is the first byte alone, into memory that has all of them.
        return new ArrowBuffer(new[] { bytes[0] }).Clone(new Filled(new NativeMemoryManager(start, offset, length), length + Alignment));
    }

    public static ArrowBuffer Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Copy(MemoryMarshal.AsBytes(values));

    private sealed class Filled(IMemoryOwner<byte> memory, int bytes) : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            bytesAllocated = bytes;
            return memory;
        }
    }
}
