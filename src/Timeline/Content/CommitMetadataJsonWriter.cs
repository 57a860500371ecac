namespace OllaLab.Lakehouse.Timelines;

/// <summary>Writes the JSON of layout 1, with the fields and their order of Hudi 0.15 (a previous base file has no place there).</summary>
internal static class CommitMetadataJsonWriter
{
    public static byte[] Write(CommitMetadata metadata)
    {
        var json = new JacksonWriter();
        json.StartObject();
        json.Name("partitionToWriteStats");
        json.StartObject();
        foreach (var (partition, stats) in metadata.PartitionToWriteStats)
        {
            json.Name(partition);
            json.StartArray();
            foreach (var stat in stats)
            {
                json.Element();
                WriteStat(json, stat);
            }

            json.EndArray();
        }

        json.EndObject();
        json.Name("compacted");
        json.Value(metadata.Compacted);
        json.Name("extraMetadata");
        json.StartObject();
        foreach (var (key, value) in metadata.ExtraMetadata)
        {
            json.Property(key, value);
        }

        json.EndObject();
        json.Property("operationType", metadata.OperationType);
        if (metadata.PartitionToReplaceFileIds is { } replaced)
        {
            WriteReplaced(json, replaced);
        }

        json.EndObject();
        return json.ToUtf8();
    }

    private static void WriteReplaced(JacksonWriter json, IReadOnlyDictionary<string, IReadOnlyList<string>> replaced)
    {
        json.Name("partitionToReplaceFileIds");
        json.StartObject();
        foreach (var (partition, fileIds) in replaced)
        {
            json.Name(partition);
            json.StartArray();
            foreach (var fileId in fileIds)
            {
                json.Element();
                json.Value(fileId);
            }

            json.EndArray();
        }

        json.EndObject();
    }

    private static void WriteStat(JacksonWriter json, WriteStat stat)
    {
        json.StartObject();
        json.Property("fileId", stat.FileId);
        json.Property("path", stat.Path);
        json.Name("cdcStats");
        if (stat.CdcStats is { } cdc)
        {
            json.StartObject();
            foreach (var (file, size) in cdc)
            {
                json.Property(file, size);
            }

            json.EndObject();
        }
        else
        {
            json.Value((string?)null);
        }

        json.Property("prevCommit", stat.PrevCommit);
        json.Property("numWrites", stat.NumWrites);
        json.Property("numDeletes", stat.NumDeletes);
        json.Property("numUpdateWrites", stat.NumUpdateWrites);
        json.Property("numInserts", stat.NumInserts);
        json.Property("totalWriteBytes", stat.TotalWriteBytes);
        json.Property("totalWriteErrors", stat.TotalWriteErrors);
        json.Property("tempPath", (string?)null);
        json.Property("partitionPath", stat.PartitionPath);
        json.Property("totalLogRecords", stat.Compacted?.LogRecords ?? 0);
        json.Property("totalLogFilesCompacted", stat.Compacted?.LogFiles ?? 0);
        json.Property("totalLogSizeCompacted", stat.Compacted?.LogBytes ?? 0);
        json.Property("totalUpdatedRecordsCompacted", stat.Compacted?.Changes ?? 0);
        json.Property("totalLogBlocks", stat.Compacted?.LogBlocks ?? 0);
        json.Property("totalCorruptLogBlock", 0);
        json.Property("totalRollbackBlocks", 0);
        json.Property("fileSizeInBytes", stat.FileSizeInBytes);
        json.Property("minEventTime", stat.MinEventTime);
        json.Property("maxEventTime", stat.MaxEventTime);
        json.Name("runtimeStats");
        if (stat.RuntimeStats is { } times)
        {
            json.StartObject();
            json.Property("totalScanTime", times.TotalScanTime);
            json.Property("totalUpsertTime", times.TotalUpsertTime);
            json.Property("totalCreateTime", times.TotalCreateTime);
            json.EndObject();
        }
        else
        {
            json.Value((string?)null);
        }

        if (stat.Log is { } log)
        {
            WriteLog(json, log);
        }

        json.EndObject();
    }

    private static void WriteLog(JacksonWriter json, LogStat log)
    {
        json.Property("logVersion", log.Version);
        json.Property("logOffset", log.Offset);
        json.Property("baseFile", log.BaseFile);
        json.Name("logFiles");
        json.StartArray();
        foreach (var file in log.LogFiles)
        {
            json.Element();
            json.Value(file);
        }

        json.EndArray();
        json.Name("recordsStats");
        json.StartObject();
        json.Property("val", (string?)null);
        json.EndObject();
    }
}
