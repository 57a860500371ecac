using System.Buffers;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Memory;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Arrow buffers in native memory: what is exported to ParquetSharp and DuckDB must not be moved by the garbage collector.</summary>
internal static class NativeBuffers
{
    public static unsafe ArrowBuffer Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ArrowBuffer.Empty;
        }

        // Arrow allocates natively only on Clone; the view lives as long as this call.
        fixed (byte* start = bytes)
        {
            return new ArrowBuffer(new View(start, bytes.Length).Memory).Clone(MemoryAllocator.Default.Value);
        }
    }

    public static ArrowBuffer Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Copy(MemoryMarshal.AsBytes(values));

    private sealed unsafe class View(byte* start, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(start, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
