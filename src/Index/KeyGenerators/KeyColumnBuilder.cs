using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Builds a string column without nulls from pieces of UTF-8.</summary>
internal sealed class KeyColumnBuilder(int rows)
{
    private readonly int[] offsets = new int[rows + 1];
    private byte[] data = new byte[Math.Max(64, rows * 24)];
    private int length;
    private int row;

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > data.Length - length)
        {
            System.Array.Resize(ref data, checked((int)Math.Min(System.Array.MaxLength, Math.Max(data.Length * 2L, (long)length + piece.Length))));
        }

        piece.CopyTo(data.AsSpan(length));
        length += piece.Length;
    }

    public void EndKey() => offsets[++row] = length;

    public StringArray Build() =>
        new(row, new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray()), new ArrowBuffer(data.AsMemory(0, length)), ArrowBuffer.Empty);
}
