using OllaLab.Lakehouse;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups.Tests.Reading;

/// <summary>The scan rules of Hudi's log reader: which blocks count, in which order.</summary>
public class LogScanTests
{
    private const string Rollback = "0";

    [Fact]
    public void Blocks_come_in_the_order_of_their_files_and_of_first_sight_of_their_instants() =>
        Assert.Equal(["1a", "1b", "2a"], Select(8, ["1", "2"], Data("1", "1a"), Data("2", "2a"), Data("1", "1b")));

    [Fact]
    public void Corrupt_blocks_are_passed_over() =>
        Assert.Equal(["1a", "2a"], Select(8, ["1", "2"], Data("1", "1a"), new LogBlock { Type = LogBlockType.Corrupt, Path = "torn", Start = 0, ContentStart = 0, ContentLength = 0, End = 0, Headers = new Dictionary<LogHeader, string>() }, Data("2", "2a")));

    [Fact]
    public void A_rollback_takes_back_what_its_target_has_written_so_far() =>
        Assert.Equal(["2a", "1c"], Select(6, ["1", "2"], Data("1", "1a"), Data("2", "2a"), Data("1", "1b"), Undo("3", "1"), Data("1", "1c")));

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void Blocks_of_instants_that_are_not_completed_nor_archived_do_not_count(int version) =>
        Assert.Equal(["0a", "1a"], Select(version, ["1", "3"], Data("0", "0a"), Data("1", "1a"), Data("2", "2a")));

    [Fact]
    public void Of_blocks_that_were_selected_all_count() =>
        Assert.Equal(["1a", "2a"], LogScan.Select([Data("1", "1a"), Data("2", "2a")], new LogInstants(Timeline(8, "1", "3"), Selected: true)).Select(b => b.Path));

    [Fact]
    public void As_of_a_time_later_blocks_do_not_count() =>
        Assert.Equal(["1a", "2a"], LogScan.Select([Data("1", "1a"), Data("2", "2a"), Data("3", "3a")], new LogInstants(Timeline(8, "1", "2", "3"), "2")).Select(b => b.Path));

    [Fact]
    public void Merged_blocks_stand_where_the_newest_of_their_originals_was() =>
        Assert.Equal(["1a", "5m", "4a"], Select(8, ["1", "2", "3", "4", "5"], Data("1", "1a"), Data("2", "2a"), Data("3", "3a"), Data("4", "4a"), Data("5", "5m", "3,2")));

    [Fact]
    public void Blocks_merged_twice_give_way_to_the_last_merger() =>
        Assert.Equal(["6m", "5a"], Select(8, ["1", "2", "3", "4", "5", "6"], Data("1", "1a"), Data("2", "2a"), Data("3", "3m", "2,1"), Data("4", "4a"), Data("5", "5a"), Data("6", "6m", "4,3")));

    [Fact]
    public void Merged_blocks_whose_originals_are_gone_stand_for_themselves() =>
        Assert.Equal(["3m", "4a"], Select(8, ["3", "4"], Data("3", "3m", "2,1"), Data("4", "4a")));

    [Fact]
    public void In_a_range_without_the_originals_merged_blocks_do_not_count()
    {
        var timeline = Timeline(8, "3", "4");
        Assert.Equal(["4a"], LogScan.Select([Data("3", "3m", "2,1"), Data("4", "4a")], new LogInstants(timeline, Range: new IncrementalRange([.. timeline.CompletedWrites], false))).Select(b => b.Path));
    }

    [Theory]
    [InlineData("7")]
    [InlineData(null)]
    public void An_unknown_command_is_refused(string? command)
    {
        var block = Undo("2", "1");
        var headers = new Dictionary<LogHeader, string>(block.Headers);
        headers.Remove(LogHeader.CommandBlockType);
        if (command is not null)
        {
            headers[LogHeader.CommandBlockType] = command;
        }

        var error = Assert.Throws<LakehouseException>(() => Select(6, ["1"], Data("1", "1a"), block with { Headers = headers }));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public void A_block_without_an_instant_is_corrupt()
    {
        var error = Assert.Throws<LakehouseException>(() => Select(8, ["1"], Data("1", "1a") with { Headers = new Dictionary<LogHeader, string>() }));
        Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
    }

    private static IEnumerable<string> Select(int version, string[] completed, params LogBlock[] frames) =>
        LogScan.Select(frames, new LogInstants(Timeline(version, completed))).Select(b => b.Path);

    private static ActiveTimeline Timeline(int version, params string[] completed) => new(
        TimelineLayout.For(version, ".hoodie/timeline", TimeZoneInfo.Utc),
        [.. completed.Select(t => new Instant(t, Actions.DeltaCommit, InstantState.Completed, version == 6 ? null : t))]);

    private static LogBlock Data(string instant, string name, string? replaces = null)
    {
        var headers = new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = instant };
        if (replaces is not null)
        {
            headers[LogHeader.CompactedBlockTimes] = replaces;
        }

        return Block(LogBlockType.AvroData, name, headers);
    }

    private static LogBlock Undo(string instant, string target) => Block(
        LogBlockType.Command,
        "command",
        new() { [LogHeader.InstantTime] = instant, [LogHeader.TargetInstantTime] = target, [LogHeader.CommandBlockType] = Rollback });

    private static LogBlock Block(LogBlockType type, string name, Dictionary<LogHeader, string> headers) =>
        new() { Type = type, Path = name, Start = 0, ContentStart = 0, ContentLength = 0, End = 0, Headers = headers };
}
