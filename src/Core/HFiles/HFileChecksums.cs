using System.Buffers.Binary;
using System.Numerics;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// Checksums of a block's chunks, header and data together, four bytes each (ChecksumUtil of HBase). Hudi's own writer leaves them zero and says so by the type; its reader looks at
/// none.
/// </summary>
internal static class HFileChecksums
{
    /// <summary>Types in a block's header; 0: none.</summary>
    public const byte Crc32 = 1;
    public const byte Crc32C = 2;

    /// <summary>Bytes of a chunk, in every release.</summary>
    public const int Chunk = 16 * 1024;

    public static int Length(int bytes, int chunk) => (int)(((long)bytes + chunk - 1) / chunk) * sizeof(int);

    public static void Write(ReadOnlySpan<byte> block, Span<byte> checksums)
    {
        for (int at = 0; at < block.Length; at += Chunk, checksums = checksums[sizeof(int)..])
        {
            BinaryPrimitives.WriteUInt32BigEndian(checksums, Of(Crc32C, block[at..Math.Min(block.Length, at + Chunk)]));
        }
    }

    /// <summary>Whether the checksums are right, where there are any of a type that this knows. hudi-rs leaves them zero like Hudi, but gives the type as CRC32C.</summary>
    public static bool AreRight(byte type, int chunk, ReadOnlySpan<byte> block, ReadOnlySpan<byte> checksums)
    {
        if (type is not (Crc32 or Crc32C) || !checksums.ContainsAnyExcept((byte)0))
        {
            return true;
        }

        if (chunk <= 0 || checksums.Length != Length(block.Length, chunk))
        {
            return false;
        }

        for (int at = 0; at < block.Length; checksums = checksums[sizeof(int)..])
        {
            int end = (int)Math.Min(block.Length, (long)at + chunk);
            if (BinaryPrimitives.ReadUInt32BigEndian(checksums) != Of(type, block[at..end]))
            {
                return false;
            }

            at = end;
        }

        return true;
    }

    private static uint Of(byte type, ReadOnlySpan<byte> bytes)
    {
        if (type == Crc32)
        {
            return System.IO.Hashing.Crc32.HashToUInt32(bytes);
        }

        uint sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte next in bytes)
        {
            sum = BitOperations.Crc32C(sum, next);
        }

        return ~sum;
    }
}
