using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Keys of the metadata table's partitions (HoodieMetadataPayload, HashID). Those of the record index are record keys; of secondary indexes see <see cref="SecondaryKeys"/>.</summary>
internal static class MetadataKeys
{
    /// <summary>What stands for the partition path "" where a key or a hash cannot be empty (NON_PARTITIONED_NAME).</summary>
    private const string NonPartitioned = ".";

    /// <summary>Hashed before the partition in an expression index's records of whole partitions.</summary>
    private const string PartitionStatMark = "__partition_stat__";

    /// <summary>HashID's seed 0xdabadaba is an int: it is widened with its sign.</summary>
    private const long Seed = unchecked((int)0xDABADABA);

    /// <summary>A data partition's key in the partition "files", and its name in the list of partitions.</summary>
    public static string Files(string partitionPath) => partitionPath.Length == 0 ? NonPartitioned : partitionPath;

    /// <summary>The data partition of a key in "files".</summary>
    public static string PartitionPathOf(string filesKey) => filesKey == NonPartitioned ? string.Empty : filesKey;

    public static string ColumnStats(string column, string partitionPath, string fileName) => HashOfColumn(column) + HashOfPartition(partitionPath) + HashOfFile(fileName);

    /// <summary>What the keys of a column's statistics begin with, in one partition or in all.</summary>
    public static string ColumnStatsPrefix(string column, string? partitionPath = null) => HashOfColumn(column) + (partitionPath is null ? string.Empty : HashOfPartition(partitionPath));

    public static string PartitionStats(string column, string partitionPath) => HashOfColumn(column) + HashOfPartition(partitionPath);

    /// <summary>The key of a whole partition's statistics in an expression index.</summary>
    public static string ExpressionPartitionStats(string column, string partitionPath) => HashOfColumn(column) + Hash(PartitionStatMark) + HashOfPartition(partitionPath);

    public static string BloomFilter(string partitionPath, string fileName) => HashOfPartition(partitionPath) + HashOfFile(fileName);

    public static string HashOfColumn(string column) => Hash(column);

    public static string HashOfPartition(string partitionPath) => Hash(Files(partitionPath));

    /// <param name="fileName">Without folder; a log file's with its leading dot.</param>
    public static string HashOfFile(string fileName)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(Encoding.UTF8.GetBytes(fileName), hash);
        return Convert.ToBase64String(hash);
    }

    private static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(hash, XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text), Seed));
        return Convert.ToBase64String(hash);
    }
}
