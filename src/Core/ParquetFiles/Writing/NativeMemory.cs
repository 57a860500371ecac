using System.Buffers;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Native bytes as <see cref="Memory{T}"/>, for asynchronous writes. Valid as long as their owner lives.</summary>
internal sealed unsafe class NativeMemory(nint pointer, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new((void*)pointer, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
