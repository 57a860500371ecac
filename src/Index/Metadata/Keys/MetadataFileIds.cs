using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Indexing;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>File ids of the metadata table's file groups (MetadataPartitionType, HoodieTableMetadataUtil.getFileIDForFileGroup).</summary>
internal static class MetadataFileIds
{
    /// <summary>The file id of a partition's group.</summary>
    /// <param name="partition">The metadata table's partition.</param>
    /// <param name="number">Counted from 0; four digits, more where it has more.</param>
    /// <param name="dataPartition">In a partitioned record index the data partition that the group belongs to.</param>
    public static string Make(string partition, int number, string? dataPartition = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(partition)}{(dataPartition is null ? string.Empty : Escape(dataPartition) + "-")}{number:D4}-0");

    /// <summary>What the ids of a partition's groups begin with.</summary>
    public static string Prefix(string partition) => partition switch
    {
        MetadataPartitions.ColumnStats => "col-stats-",
        _ => partition.Replace('_', '-') + "-",
    };

    /// <summary>The data partition of a record index's group; null where the index is global.</summary>
    public static string? DataPartitionOf(string fileId)
    {
        // record-index-NNNN-0, or record-index-PARTITION-NNNN-0, whose partition has no '-' that is not escaped.
        string[] parts = fileId.Split('-');
        return parts.Length == 5 ? PartitionPathText.Unescape(parts[2]) : null;
    }

    /// <summary>PartitionPathEncodeUtils.escapeFileName: as in partition paths, and '-' and '_', which separate the parts of file names.</summary>
    private static string Escape(string partitionPath)
    {
        if (partitionPath.Length == 0)
        {
            return partitionPath;
        }

        var text = new StringBuilder(PartitionPathText.Escape(partitionPath));
        return text.Replace("-", "%2D").Replace("_", "%5F").ToString();
    }
}
