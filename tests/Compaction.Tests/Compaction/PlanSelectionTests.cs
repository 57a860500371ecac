using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>Which file groups a plan takes.</summary>
public sealed class PlanSelectionTests
{
    private static readonly CompactionOperation[] All =
    [
        Make("2026/10/01", "a", logs: 1, logMib: 10), Make("2026/10/03", "b", logs: 5, logMib: 2), Make("2026/10/03", "c", logs: 2, logMib: 30), Make("2026/09/30", "d", logs: 2, logMib: 0),
    ];

    [Fact]
    public void Largest_logs_come_first() => Assert.Equal("cabd", Select(new()));

    [Fact]
    public void Logs_below_the_threshold_wait() => Assert.Equal("ca", Select(new() { LogSizeThreshold = 10L << 20 }));

    [Fact]
    public void The_group_that_reaches_the_bound_is_the_last()
    {
        // c reads 100 + 30 and writes 100.
        Assert.Equal("c", Select(new() { TargetIo = 230L << 20 }));
        Assert.Equal("ca", Select(new() { TargetIo = 231L << 20 }));
    }

    [Fact]
    public void Most_logs_come_first()
    {
        Assert.Equal("bcda", Select(new() { Strategy = CompactionStrategy.LogCount }));
        Assert.Equal("bcd", Select(new() { Strategy = CompactionStrategy.LogCount, LogCountThreshold = 2 }));
    }

    [Fact]
    public void Bounded_takes_them_as_they_come() => Assert.Equal("ab", Select(new() { Strategy = CompactionStrategy.BoundedIo, TargetIo = 300L << 20 }));

    [Fact]
    public void Days_take_the_latest_partitions()
    {
        Assert.Equal("bcad", Select(new() { Strategy = CompactionStrategy.Days }));
        Assert.Equal("bc", Select(new() { Strategy = CompactionStrategy.Days, TargetPartitions = 1 }));
    }

    [Fact]
    public void Days_know_partitions_with_the_names_of_their_columns()
    {
        CompactionOperation[] hive = [Make("y=2026/m=9/d=9", "a", 1, 1), Make("y=2026/m=10/d=01", "b", 1, 1)];
        Assert.Equal("ba", string.Concat(PlanSelection.Select(hive, new() { Strategy = CompactionStrategy.Days }).Select(o => o.FileId)));
    }

    [Theory]
    [InlineData("oslo")]
    [InlineData("2026-10-03")]
    [InlineData("")]
    public void Days_refuse_other_partitions(string partition) =>
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => PlanSelection.Select([Make(partition, "a", 1, 1)], new() { Strategy = CompactionStrategy.Days })).Kind);

    [Fact]
    public void Unbounded_takes_all() => Assert.Equal("abcd", Select(new() { Strategy = CompactionStrategy.Unbounded, TargetIo = 0 }));

    private static string Select(CompactionOptions options) => string.Concat(PlanSelection.Select(All, options).Select(o => o.FileId));

    private static CompactionOperation Make(string partition, string fileId, int logs, long logMib)
    {
        var data = new BaseFile(partition, fileId, "0-0-0", "1", fileId + ".parquet", 100L << 20);
        var files = Enumerable.Range(0, logs).Select(i => new LogFile(partition, fileId, "1", i, "0-0-0", "log" + i, i == 0 ? logMib << 20 : 0, false)).ToList();
        return new CompactionOperation(partition, fileId, "1", data.FileName, [.. files.Select(f => f.FileName)], PlanMetrics.Of(new FileSlice(partition, fileId, "1", data, files), 120L << 20));
    }
}
