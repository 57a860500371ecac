namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a plan says of the size of an operation (FileSliceMetricUtils). Sizes in MiB are whole numbers, rounded down.</summary>
internal static class PlanMetrics
{
    private const string LogFiles = "TOTAL_LOG_FILES";
    private const string LogSize = "TOTAL_LOG_FILES_SIZE";
    private const string Io = "TOTAL_IO_MB";
    private const string Read = "TOTAL_IO_READ_MB";
    private const string Write = "TOTAL_IO_WRITE_MB";

    /// <param name="slice">The slice with the logs that are planned.</param>
    /// <param name="maxFileSize">Bytes that are taken to be written where there is no base file yet.</param>
    public static IReadOnlyDictionary<string, double> Of(FileSlice slice, long maxFileSize) => Of([slice], maxFileSize);

    /// <summary>Of several slices together.</summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<FileSlice> slices, long maxFileSize)
    {
        long logs = slices.Sum(s => s.Logs.Sum(l => l.Length));
        long read = (slices.Sum(s => s.Base?.Length ?? 0) + logs) >> 20;
        long write = slices.Sum(s => s.Base?.Length is > 0 and var stored ? stored : maxFileSize) >> 20;

        // In the order in which Java's map gives them.
        return new Dictionary<string, double>
        {
            [LogFiles] = slices.Sum(s => s.Logs.Count),
            [Io] = read + write,
            [Read] = read,
            [LogSize] = logs,
            [Write] = write,
        };
    }

    /// <summary>Bytes of logs.</summary>
    public static double LogBytes(this CompactionOperation operation) => operation.Metrics.GetValueOrDefault(LogSize);

    /// <summary>MiB read and written.</summary>
    public static long IoMib(this CompactionOperation operation) => (long)operation.Metrics.GetValueOrDefault(Io);
}
