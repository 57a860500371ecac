using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Records that say which rows of the base file they are about come out as by key, without the base file's keys.</summary>
public class PositionMergeTests
{
    private const long Ample = 1L << 40;
    private const string Event = "EVENT_TIME_ORDERING";
    private static readonly LogRow[] Three = [new("a", 1), new("b", 2), new("c", 3)];

    [Theory]
    [InlineData(Event, "NONE")]
    [InlineData("COMMIT_TIME_ORDERING", "NONE")]
    [InlineData(Event, "IGNORE_DEFAULTS")]
    public void As_by_key(string mode, string partial) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var stored = LogHistory.Stored(random, 100).DistinctBy(r => r.Key).ToList();
        var positions = Enumerable.Range(0, stored.Count).ToDictionary(i => stored[i].Key, i => (long)i);
        var rule = partial == "NONE" ? LogBatches.Rule(mode) : LogBatches.Rule(mode, ("hoodie.table.partial.update.mode", partial));
        using var byKey = LogBatches.Merge(rule, Ample);
        using var byPosition = LogBatches.Merge(rule, Ample);
        byPosition.MeetsEveryRow = true;
        foreach (var block in LogHistory.Blocks(random, 100))
        {
            var about = block.Where(r => positions.ContainsKey(r.Key)).ToList();
            if (about.Count > 0)
            {
                byKey.Add(about);
                byPosition.Add(about, [.. about.Select(r => positions[r.Key])]);
            }
        }

        Assert.NotNull(byPosition.PositionsIn(stored.Count));
        var expected = Resolve(byKey, stored, withKeys: true);
        var actual = Resolve(byPosition, stored, withKeys: false);
        Assert.Equal(expected.Stored, actual.Stored);
        Assert.Empty(actual.Inserts);
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void A_record_replaces_each_row_of_its_key()
    {
        LogRow[] stored = [new("a", 1), new("b", 1), new("a", 1)];
        using var merge = Merge();
        merge.Add([new("a", 2), new("a", 3)], [0, 2]);
        Assert.NotNull(merge.PositionsIn(3));
        Assert.Equal([new("a", 3), new("b", 1), new("a", 3)], Resolve(merge, stored, withKeys: false).Stored);
    }

    [Fact]
    public void Where_a_key_lies_twice_each_row_has_its_own_records_by_position()
    {
        LogRow[] stored = [new("a", 1), new("b", 1), new("a", 1), new("c", 1)];
        using var byKey = Merge();
        using var merge = new LogMerge(LogBatches.Rule(Event), LogBatches.Table, LogBatches.Table.Arrow, Ample) { ByPosition = true, MeetsEveryRow = true };
        foreach (var one in new[] { byKey, merge })
        {
            one.Add([new("a", 2), new("a", 3)], [0, 2]);
            one.Add([new("b", 4), new("a", 1), new("c", 5)], [1, 2, 3]);
            one.Add([new("a", 5, "later")], [0]);
        }

        Assert.True(byKey.KeysLieApart(4));
        Assert.False(byKey.KeysLieApart(3));
        Assert.NotNull(merge.PositionsIn(4));
        Assert.Equal([new("a", 5, "later"), new("b", 4), new("a", 3), new("c", 5)], Resolve(merge, stored, withKeys: false).Stored);
    }

    [Fact]
    public void Keys_that_lie_once_are_merged_by_key()
    {
        using var merge = Merge();
        merge.Add([new("a", 2), new("b", 3)], [0, 1]);
        merge.Add([new("a", 3)], [0]);
        Assert.False(merge.KeysLieApart(3));
    }

    [Fact]
    public void Positions_in_no_order()
    {
        using var merge = Merge();
        merge.Add([new("c", 9)], [2]);
        merge.Add([new("a", 9), new("c", 8)], [0, 2]);
        Assert.NotNull(merge.PositionsIn(3));
        Assert.Equal([new("a", 9), new("b", 2), new("c", 9)], Resolve(merge, Three, withKeys: false).Stored);
    }

    [Fact]
    public void A_position_past_the_file_is_not_believed()
    {
        using var merge = Merge();
        merge.Add([new("c", 9)], [2]);
        Assert.Null(merge.PositionsIn(2));
    }

    [Fact]
    public void Two_keys_of_one_row_are_not_believed()
    {
        using var merge = Merge();
        merge.Add([new("c", 9)], [2]);
        merge.Add([new("b", 9)], [2]);
        Assert.Null(merge.PositionsIn(3));
    }

    [Fact]
    public void A_block_without_positions_is_merged_by_key()
    {
        using var merge = Merge();
        merge.Add([new("c", 9)], [2]);
        merge.Add([new("b", 9)]);
        Assert.Null(merge.PositionsIn(3));
        Assert.Equal([new("a", 1), new("b", 9), new("c", 9)], Resolve(merge, Three, withKeys: true).Stored);
    }

    [Fact]
    public void Positions_of_another_base_file_are_not_used()
    {
        using var merge = LogBatches.Merge(LogBatches.Rule(Event), Ample);
        merge.Add([new("c", 9)], [2]);
        Assert.Null(merge.PositionsIn(3));
    }

    [Fact]
    public void Past_the_memory_budget_keys_are_compared()
    {
        using var merge = LogBatches.Merge(LogBatches.Rule(Event), 1000);
        merge.MeetsEveryRow = true;
        merge.Add([.. Enumerable.Range(0, 200).Select(i => new LogRow($"key {i}", 9))], [.. Enumerable.Range(0, 200).Select(i => (long)i)]);
        Assert.True(merge.HasSpilled);
        Assert.Null(merge.PositionsIn(200));
    }

    private static LogMerge Merge()
    {
        var merge = LogBatches.Merge(LogBatches.Rule(Event), Ample);
        merge.MeetsEveryRow = true;
        return merge;
    }

    private static (LogRow?[] Stored, List<LogRow> Inserts) Resolve(LogMerge merge, IReadOnlyList<LogRow> stored, bool withKeys)
    {
        var changes = merge.ResolveAsync(LogBatches.Stored(stored, merge.BaseColumns, withKeys: withKeys), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return LogBatches.Apply(changes, stored);
    }
}
