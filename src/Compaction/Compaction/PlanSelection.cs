using System.Globalization;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Which of the operations that could be done a plan takes (CompactionStrategy.orderAndFilter of Hudi's strategies).</summary>
internal static class PlanSelection
{
    public static IReadOnlyList<CompactionOperation> Select(IReadOnlyList<CompactionOperation> operations, CompactionOptions options) => options.Strategy switch
    {
        CompactionStrategy.LogSize => WithinIo(operations.Where(o => o.LogBytes() >= options.LogSizeThreshold).OrderByDescending(o => o.LogBytes()), options),
        CompactionStrategy.LogCount => WithinIo(operations.Where(o => o.LogFileNames.Count >= options.LogCountThreshold).OrderByDescending(o => o.LogFileNames.Count), options),
        CompactionStrategy.BoundedIo => WithinIo(operations, options),
        CompactionStrategy.Days => [.. operations.GroupBy(o => o.PartitionPath).OrderByDescending(p => Day(p.Key)).Take(options.TargetPartitions).SelectMany(p => p)],
        _ => operations,
    };

    // The one that reaches the bound is still done: otherwise a file group larger than it never would be.
    private static List<CompactionOperation> WithinIo(IEnumerable<CompactionOperation> operations, CompactionOptions options)
    {
        var selected = new List<CompactionOperation>();
        long left = options.TargetIo >> 20;
        foreach (var operation in operations)
        {
            selected.Add(operation);
            left -= operation.IoMib();
            if (left <= 0)
            {
                break;
            }
        }

        return selected;
    }

    // yyyy/MM/dd, each part with or without its column's name.
    private static DateOnly Day(string partitionPath)
    {
        var parts = partitionPath.Split('/').Select(p => p[(p.IndexOf('=') + 1)..]).ToArray();
        return parts.Length >= 3 && DateOnly.TryParseExact(string.Join('/', parts.Take(3)), "yyyy/M/d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"The partition '{partitionPath}' is not named by a day (year/month/day), by which the compaction strategy goes", remedy: "Choose another compaction strategy");
    }
}
