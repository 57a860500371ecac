using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.FileGroups.Tests;

public class LogMergeTests
{
    [Theory]
    [InlineData("EVENT_TIME_ORDERING", 1L << 40)]
    [InlineData("COMMIT_TIME_ORDERING", 1L << 40)]
    [InlineData("EVENT_TIME_ORDERING", 6000)]
    [InlineData("COMMIT_TIME_ORDERING", 6000)]
    public void Random_histories_come_out_as_in_a_dictionary(string mode, long budget)
    {
        int spilled = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var model = new LogModel(mode.StartsWith("EVENT", StringComparison.Ordinal));
            using var merge = LogBatches.Merge(LogBatches.Rule(mode), budget);
            int keys = random.Next(1, 300);
            foreach (var block in LogHistory.Blocks(random, keys))
            {
                merge.Add(block);
                foreach (var row in block)
                {
                    model.Add(row);
                }
            }

            spilled += merge.HasSpilled ? 1 : 0;
            var stored = LogHistory.Stored(random, keys);
            Check(merge, model, stored).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();
        Assert.Equal(budget < 1L << 40, spilled > 20);
    }

    private static async Task Check(LogMerge merge, LogModel model, IReadOnlyList<LogRow> stored)
    {
        var (expected, inserts) = model.Resolve(stored);
        await using var changes = await merge.ResolveAsync(stored.Count == 0 ? null : LogBatches.Stored(stored, merge.BaseColumns), CancellationToken.None);
        var (actual, actualInserts) = LogBatches.Apply(changes, stored);
        static LogRow? Plain(LogRow? row) => row is null ? null : row with { Deleted = false, FromDeleteBlock = false };
        Assert.Equal(expected.Select(Plain), actual);
        Assert.Equal(inserts.Select(Plain).OrderBy(r => r!.Key, StringComparer.Ordinal), actualInserts.OrderBy(r => r.Key, StringComparer.Ordinal));
    }
}
