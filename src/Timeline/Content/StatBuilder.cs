namespace OllaLab.Lakehouse.Timelines;

/// <summary>Gathers a write stat field by field under Hudi's names, from Avro and from JSON; names that are not kept are passed over.</summary>
internal sealed class StatBuilder
{
    private string? fileId, path, prevCommit, partitionPath, prevBaseFile, baseFile;
    private long numWrites, numInserts, numUpdateWrites, numDeletes, totalWriteBytes, totalWriteErrors, fileSizeInBytes;
    private long? minEventTime, maxEventTime;
    private long scan, create, upsert;
    private CompactedStat compacted;
    private bool hasRuntime;
    private long? logVersion;
    private long logOffset;

    public Dictionary<string, long>? CdcStats { get; set; }

    public IReadOnlyList<string>? LogFiles { get; set; }

    public void Set(string name, string value)
    {
        switch (name)
        {
            case "fileId": fileId = value; break;
            case "path": path = value; break;
            case "prevCommit": prevCommit = value; break;
            case "partitionPath": partitionPath = value; break;
            case "prevBaseFile": prevBaseFile = value; break;
            case "baseFile": baseFile = value; break;
        }
    }

    public void Set(string name, long value)
    {
        switch (name)
        {
            case "numWrites": numWrites = value; break;
            case "numInserts": numInserts = value; break;
            case "numUpdateWrites": numUpdateWrites = value; break;
            case "numDeletes": numDeletes = value; break;
            case "totalWriteBytes": totalWriteBytes = value; break;
            case "totalWriteErrors": totalWriteErrors = value; break;
            case "fileSizeInBytes": fileSizeInBytes = value; break;
            case "minEventTime": minEventTime = value; break;
            case "maxEventTime": maxEventTime = value; break;
            case "logVersion": logVersion = value; break;
            case "logOffset": logOffset = value; break;
            case "totalLogFilesCompacted": compacted = compacted with { LogFiles = value }; break;
            case "totalLogSizeCompacted": compacted = compacted with { LogBytes = value }; break;
            case "totalLogBlocks": compacted = compacted with { LogBlocks = value }; break;
            case "totalLogRecords": compacted = compacted with { LogRecords = value }; break;
            case "totalUpdatedRecordsCompacted": compacted = compacted with { Changes = value }; break;
            case "totalLogReadTimeMs": compacted = compacted with { ReadMillis = value }; break;
        }
    }

    public void SetRuntime(string name, long value)
    {
        hasRuntime = true;
        switch (name)
        {
            case "totalScanTime": scan = value; break;
            case "totalCreateTime": create = value; break;
            case "totalUpsertTime": upsert = value; break;
        }
    }

    public WriteStat Build() => new()
    {
        FileId = fileId,
        Path = path,
        PrevCommit = prevCommit,
        PartitionPath = partitionPath,
        PrevBaseFile = prevBaseFile,
        NumWrites = numWrites,
        NumInserts = numInserts,
        NumUpdateWrites = numUpdateWrites,
        NumDeletes = numDeletes,
        TotalWriteBytes = totalWriteBytes,
        TotalWriteErrors = totalWriteErrors,
        FileSizeInBytes = fileSizeInBytes,
        MinEventTime = minEventTime,
        MaxEventTime = maxEventTime,
        CdcStats = CdcStats,
        Log = logVersion is { } version ? new LogStat((int)version, logOffset, baseFile ?? string.Empty, LogFiles ?? []) : null,
        Compacted = compacted.LogFiles > 0 ? compacted : null,
        RuntimeStats = hasRuntime ? new RuntimeStats(scan, create, upsert) : null,
    };
}
