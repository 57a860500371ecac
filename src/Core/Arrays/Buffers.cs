using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Memory for the results of kernels. It is managed, so that a result may be dropped, shared or disposed twice without harm; Arrow's C interface pins it for export.</summary>
internal static class Buffers
{
    public static byte[] Allocate(long bytes) => bytes <= System.Array.MaxLength
        ? GC.AllocateUninitializedArray<byte>((int)bytes)
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, "One batch holds more than 2 GiB in one column", remedy: "Use batches of fewer rows");

    public static byte[] AllocateZeroed(long bytes)
    {
        var buffer = Allocate(bytes);
        buffer.AsSpan().Clear();
        return buffer;
    }

    public static int BitmapBytes(int bits) => (int)(((long)bits + 7) / 8);

    public static ArrowBuffer ToArrow(byte[] bytes) => bytes.Length == 0 ? ArrowBuffer.Empty : new ArrowBuffer(bytes);
}
