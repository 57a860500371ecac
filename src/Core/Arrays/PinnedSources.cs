using System.Buffers;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Fixed addresses of one buffer of each source array, after a check that the buffer is as long as the array needs.</summary>
internal readonly unsafe struct PinnedSources : IDisposable
{
    private readonly MemoryHandle[] _handles;
    private readonly nint[] _addresses;

    /// <param name="bitsPerRow">How many bits a row takes in the buffer. The addresses are those of the array's first row where this is a multiple of 8, else of the buffer.</param>
    /// <param name="extra">How many entries more than rows the buffer has: 1 for offsets.</param>
    public PinnedSources(ArrayData[] sources, int buffer, long bitsPerRow, int extra = 0)
    {
        _handles = new MemoryHandle[sources.Length];
        _addresses = new nint[sources.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            var source = sources[i];
            if (source.Length == 0)
            {
                continue;
            }

            var memory = source.Buffers[buffer].Memory;
            if ((((source.Offset + (long)source.Length + extra) * bitsPerRow) + 7) / 8 > memory.Length)
            {
                Dispose();
                throw Corrupt.Array(source, "a buffer that is too short");
            }

            _handles[i] = memory.Pin();
            _addresses[i] = (nint)_handles[i].Pointer + (nint)(bitsPerRow % 8 == 0 ? source.Offset * (bitsPerRow / 8) : 0);
        }
    }

    public byte* this[int source] => (byte*)_addresses[source];

    public void Dispose()
    {
        foreach (ref var handle in _handles.AsSpan())
        {
            handle.Dispose();
        }
    }
}
