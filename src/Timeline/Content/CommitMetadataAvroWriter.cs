namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Encodes HoodieCommitMetadata and HoodieReplaceCommitMetadata by hand, field by field in the order of their schemas: a small commit should not pay for a generic writer.
/// Fields that only compactions fill are written as Java writes them elsewhere: counts 0, references null.
/// </summary>
internal static class CommitMetadataAvroWriter
{
    private static readonly byte[] CommitHeader = AvroSchemas.Header("HoodieCommitMetadata");
    private static readonly byte[] ReplaceHeader = AvroSchemas.Header("HoodieReplaceCommitMetadata");

    public static byte[] Write(CommitMetadata metadata)
    {
        var buffer = new AvroBuffer(4096);
        buffer.Long(1);
        buffer.Block(metadata.PartitionToWriteStats, static (b, partition) =>
        {
            b.String(partition.Key);
            b.Block(partition.Value, WriteStat);
        });
        buffer.Long(1);
        buffer.Boolean(metadata.Compacted);
        buffer.Long(1);
        buffer.Block(metadata.ExtraMetadata, static (b, entry) =>
        {
            b.String(entry.Key);
            b.String(entry.Value);
        });

        // version: the union is [int, null] here, and Java leaves it null.
        buffer.Long(1);
        buffer.Optional(metadata.OperationType);
        if (metadata.PartitionToReplaceFileIds is not { } replaced)
        {
            return AvroFile.Write(CommitHeader, buffer.Written);
        }

        buffer.Long(1);
        buffer.Block(replaced, static (b, partition) =>
        {
            b.String(partition.Key);
            b.Block(partition.Value, static (ids, id) => ids.String(id));
        });
        return AvroFile.Write(ReplaceHeader, buffer.Written);
    }

    private static void WriteStat(AvroBuffer buffer, WriteStat stat)
    {
        buffer.Optional(stat.FileId);
        buffer.Optional(stat.Path);
        buffer.Optional(stat.PrevCommit);
        Count(buffer, stat.NumWrites);
        Count(buffer, stat.NumDeletes);
        Count(buffer, stat.NumUpdateWrites);
        Count(buffer, stat.TotalWriteBytes);
        Count(buffer, stat.TotalWriteErrors);
        buffer.Optional(stat.PartitionPath);
        Count(buffer, stat.Compacted?.LogRecords ?? 0); // totalLogRecords
        buffer.Null(); // totalLogFiles
        Count(buffer, stat.Compacted?.Changes ?? 0); // totalUpdatedRecordsCompacted
        Count(buffer, stat.NumInserts);
        Count(buffer, stat.Compacted?.LogBlocks ?? 0); // totalLogBlocks
        Count(buffer, 0); // totalCorruptLogBlock
        Count(buffer, 0); // totalRollbackBlocks
        Count(buffer, stat.FileSizeInBytes);
        if (stat.Log is { } log)
        {
            Count(buffer, log.Version);
            Count(buffer, log.Offset);
            buffer.Optional(log.BaseFile);
            buffer.Long(1);
            buffer.Block(log.LogFiles, static (b, file) => b.String(file));
        }
        else
        {
            buffer.Null(); // logVersion
            buffer.Null(); // logOffset
            buffer.Null(); // baseFile
            buffer.Null(); // logFiles
        }

        if (stat.CdcStats is { } cdc)
        {
            buffer.Long(1);
            buffer.Block(cdc, static (b, file) =>
            {
                b.String(file.Key);
                b.Long(file.Value);
            });
        }
        else
        {
            buffer.Null();
        }

        buffer.Optional(stat.PrevBaseFile);
        buffer.Optional(stat.MinEventTime);
        buffer.Optional(stat.MaxEventTime);
        if (stat.RuntimeStats is { } times)
        {
            buffer.Long(1);
            Count(buffer, times.TotalScanTime);
            Count(buffer, times.TotalCreateTime);
            Count(buffer, times.TotalUpsertTime);
        }
        else
        {
            buffer.Null();
        }

        Count(buffer, stat.Compacted?.LogFiles ?? 0); // totalLogFilesCompacted
        Count(buffer, stat.Compacted?.ReadMillis ?? 0); // totalLogReadTimeMs
        Count(buffer, stat.Compacted?.LogBytes ?? 0); // totalLogSizeCompacted
        buffer.Null(); // tempPath
        Count(buffer, 0); // numUpdates
    }

    private static void Count(AvroBuffer buffer, long value)
    {
        buffer.Long(1);
        buffer.Long(value);
    }
}
