using System.IO.Hashing;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary><see cref="ValueHash"/> over a whole column, with loops of its own for the types of most keys.</summary>
internal static class ColumnHash
{
    /// <summary>Combines each row's hash so far with that of its value.</summary>
    public static void Combine(ArrayData data, Span<ulong> hashes)
    {
        bool nulls = data.DataType.TypeId == ArrowTypeId.Null || data.GetNullCount() != 0;
        switch (data.DataType.TypeId)
        {
            case ArrowTypeId.String or ArrowTypeId.Binary when !nulls:
                var offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span)[data.Offset..];
                var bytes = data.Buffers[2].Span;
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = ValueHash.Combine(hashes[row], XxHash3.HashToUInt64(bytes[offsets[row]..offsets[row + 1]]));
                }

                break;
            case ArrowTypeId.Int64 or ArrowTypeId.Timestamp when !nulls:
                var longs = MemoryMarshal.Cast<byte, ulong>(data.Buffers[1].Span)[data.Offset..];
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = ValueHash.Combine(hashes[row], ValueHash.Mix(longs[row]));
                }

                break;
            case ArrowTypeId.Int32 or ArrowTypeId.Date32 when !nulls:
                var ints = MemoryMarshal.Cast<byte, uint>(data.Buffers[1].Span)[data.Offset..];
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = ValueHash.Combine(hashes[row], ValueHash.Mix(ints[row]));
                }

                break;
            default:
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = ValueHash.Combine(hashes[row], ValueHash.Of(data, row));
                }

                break;
        }
    }
}
