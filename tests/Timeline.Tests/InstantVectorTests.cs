using System.Text.Json;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests;

/// <summary>What Hudi 1.2 answers about names and times.</summary>
public class InstantVectorTests
{
    private static readonly JsonElement[] Lines = Repository.Vectors("instants.jsonl").ToArray();

    private static IEnumerable<JsonElement> Of(string op)
    {
        var found = Lines.Where(l => l.GetProperty("op").GetString() == op).ToArray();
        Assert.NotEmpty(found);
        return found;
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name) is { ValueKind: JsonValueKind.String } s ? s.GetString() : null;

    private static InstantState State(string text) => Enum.Parse<InstantState>(text, ignoreCase: true);

    [Fact]
    public void File_names_parse_as_Hudi_parses_them()
    {
        foreach (var line in Of("parse"))
        {
            var layout = TestTables.Layout(line.GetProperty("layout").GetInt32());
            var name = Text(line, "fileName")!;
            var expected = line.GetProperty("instant");
            bool parsed = layout.TryParse(name, out var instant);
            Assert.True(parsed == !expected.TryGetProperty("error", out _), name);
            if (!parsed)
            {
                continue;
            }

            Assert.Equal(Text(expected, "requestedTime"), instant.RequestedTime);
            Assert.Equal(Text(expected, "action"), instant.Action);
            Assert.Equal(State(Text(expected, "state")!), instant.State);
            if (instant.IsCompleted)
            {
                Assert.Equal(expected.GetProperty("legacy").GetBoolean(), instant.IsLegacy);
                var modified = DateTimeOffset.FromUnixTimeMilliseconds(line.GetProperty("modificationTimeMillis").GetInt64());
                Assert.Equal(Text(expected, "completionTime"), instant.CompletionTime ?? InstantTimes.Format(modified, layout.Zone));
            }

            if (Text(expected, "fileNameBack") is { } back)
            {
                Assert.Equal(back, layout.FileName(instant));
            }
            else
            {
                Assert.Throws<LakehouseException>(() => layout.FileName(instant));
            }
        }
    }

    [Fact]
    public void Instants_are_named_as_Hudi_names_them()
    {
        foreach (var line in Of("fileName"))
        {
            var layout = TestTables.Layout(line.GetProperty("layout").GetInt32());
            var instant = new Instant(Text(line, "requestedTime")!, Text(line, "action")!, State(Text(line, "state")!), Text(line, "completionTime"));
            if (Text(line, "fileName") is { } name)
            {
                Assert.Equal(name, layout.FileName(instant));
            }
            else
            {
                Assert.Throws<LakehouseException>(() => layout.FileName(instant));
            }
        }
    }

    [Fact]
    public void Comparable_actions_fold_what_completes_under_another_name()
    {
        foreach (var line in Of("comparableAction"))
        {
            var layout = TestTables.Layout(line.GetProperty("layout").GetInt32());
            Assert.Equal(Text(line, "comparable"), layout.ComparableAction(Text(line, "action")!));
        }
    }

    [Fact]
    public void Instants_sort_by_requested_time_and_by_completion()
    {
        foreach (var line in Of("sort"))
        {
            var layout = TestTables.Layout(line.GetProperty("layout").GetInt32());
            var input = line.GetProperty("input").EnumerateArray().Select(i => new Instant(i[0].GetString()!, i[1].GetString()!, State(i[2].GetString()!))).ToArray();
            AssertOrder(line.GetProperty("byRequestedTime"), input, layout.RequestedOrder());
        }
    }

    private static void AssertOrder(JsonElement expected, Instant[] input, Comparison<Instant> order)
    {
        var wanted = expected.EnumerateArray().Select(i => (i[0].GetString(), i[1].GetString(), State(i[2].GetString()!))).ToArray();

        // Hudi's sort is stable: ties (compaction and commit in one state) stay in the order of the input.
        var sorted = input.Order(Comparer<Instant>.Create(order)).Select(i => ((string?)i.RequestedTime, (string?)i.Action, i.State)).ToArray();
        Assert.Equal(wanted, sorted);
    }

    [Fact]
    public void Instant_times_are_read_and_moved()
    {
        foreach (var line in Of("time"))
        {
            var text = Text(line, "instant")!;
            Assert.Equal(line.GetProperty("valid").GetBoolean(), InstantTimes.IsValid(text));
            Assert.Equal(Text(line, "fixed"), InstantTimes.Fix(text));
            var millis = line.GetProperty("epochMillisUtc");
            Assert.Equal(millis.ValueKind == JsonValueKind.Number, InstantTimes.TryParse(text, out var local));
            if (millis.ValueKind == JsonValueKind.Number)
            {
                Assert.Equal(millis.GetInt64(), (local - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond);
            }

            var safe = line.GetProperty("safeEpochMillis");
            Assert.Equal(safe.ValueKind == JsonValueKind.Number ? safe.GetInt64() : (long?)null, InstantTimes.ParseSafely(text) is { } s ? (s - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond : (long?)null);
            AssertMoved(Text(line, "minus1ms"), text, -1);

            // Java's formatter goes on after year 9999, .NET's calendar ends there.
            if (!text.StartsWith("9999", StringComparison.Ordinal))
            {
                AssertMoved(Text(line, "plus1ms"), text, 1);
            }
        }
    }

    private static void AssertMoved(string? expected, string text, long millis)
    {
        if (expected is null)
        {
            Assert.Throws<LakehouseException>(() => InstantTimes.PlusMillis(text, millis));
        }
        else
        {
            Assert.Equal(expected, InstantTimes.PlusMillis(text, millis));
        }
    }

    [Fact]
    public void Moments_are_formatted()
    {
        foreach (var line in Of("formatDate"))
        {
            var moment = DateTimeOffset.FromUnixTimeMilliseconds(line.GetProperty("epochMillis").GetInt64());
            Assert.Equal(Text(line, "instant"), InstantTimes.Format(moment, TimeZoneInfo.Utc));
        }
    }

    [Fact]
    public void Dates_given_by_a_user_become_instants()
    {
        foreach (var line in Of("dateString"))
        {
            if (Text(line, "instant") is { } instant)
            {
                Assert.Equal(instant, InstantTimes.FromText(Text(line, "text")!, TimeZoneInfo.Utc));
            }
        }

        var tokyo = TimeZoneInfo.CreateCustomTimeZone("nine", TimeSpan.FromHours(9), "nine", "nine");
        Assert.Equal("20240102000000000", InstantTimes.FromText("2024-01-02", tokyo));
        Assert.Equal("20240102120405999", InstantTimes.FromText("2024-01-02 12:04:05", tokyo));
        Assert.Equal("20240102120405000", InstantTimes.FromText("2024-01-02T03:04:05Z", tokyo));
        Assert.Equal("20240102120405678", InstantTimes.FromText("2024-01-02T04:04:05.678+01:00", tokyo));
        Assert.Equal("20240102120405678", InstantTimes.FromText("20240102120405678", tokyo));
        Assert.Equal("20240102120405", InstantTimes.FromText("20240102120405", tokyo));
        Assert.Throws<LakehouseException>(() => InstantTimes.FromText("yesterday", tokyo));
        Assert.Throws<LakehouseException>(() => InstantTimes.FromText("2024-13-02", tokyo));
    }

    [Fact]
    public void Times_compare_as_text()
    {
        foreach (var line in Of("compare"))
        {
            int order = string.CompareOrdinal(Text(line, "left"), Text(line, "right"));
            Assert.Equal((line.GetProperty("less").GetBoolean(), line.GetProperty("equal").GetBoolean(), line.GetProperty("greater").GetBoolean()), (order < 0, order == 0, order > 0));
        }
    }

    [Fact]
    public void Base_files_are_told_by_their_names()
    {
        foreach (var line in Of("baseFile"))
        {
            var name = Text(line, "fileName")!;
            bool parsed = FileNames.TryParseBaseFile("p", name, 7, out var file);
            Assert.True(line.GetProperty("isBaseFile").GetBoolean() == parsed, name);
            if (parsed)
            {
                Assert.Equal((Text(line, "fileId"), Text(line, "commitTime"), Text(line, "writeToken")), (file.FileId, file.Instant, file.WriteToken));
                Assert.Equal(name, FileNames.MakeBaseFile(file.Instant, file.WriteToken, file.FileId, Text(line, "extension")!));
                Assert.Equal("p/" + name, file.Path);
            }
        }
    }

    [Fact]
    public void Log_files_are_told_by_their_names()
    {
        foreach (var line in Of("logFile"))
        {
            var name = Text(line, "fileName")!;
            bool parsed = FileNames.TryParseLogFile("p", name, 7, out var file);
            Assert.True(line.GetProperty("isLogFile").GetBoolean() == parsed, name);
            if (parsed)
            {
                var expected = line.GetProperty("parsed");
                Assert.Equal((Text(expected, "fileId"), Text(expected, "deltaCommitTime"), expected.GetProperty("version").GetInt32()), (file.FileId, file.Instant, file.Version));
                Assert.Equal((Text(expected, "writeToken") ?? string.Empty, expected.GetProperty("isCdc").GetBoolean()), (file.WriteToken, file.IsCdc));
                Assert.Equal(Text(expected, "rolledOver") + (file.IsCdc ? ".cdc" : string.Empty), FileNames.MakeLogFile(file.FileId, file.Instant, file.Version + 1, "9-9-9", file.IsCdc));
            }
        }
    }

    [Fact]
    public void Log_files_sort_by_instant_version_and_token()
    {
        foreach (var line in Of("sortLogFiles"))
        {
            var files = line.GetProperty("input").EnumerateArray().Select(n =>
            {
                Assert.True(FileNames.TryParseLogFile(string.Empty, n.GetString()!, 0, out var file));
                return file;
            }).ToList();
            files.Sort(FileNames.CompareLogFiles);
            Assert.Equal(line.GetProperty("sorted").EnumerateArray().Select(n => n.GetString()), files.Select(f => f.FileName));
        }
    }

    [Fact]
    public void Names_are_made()
    {
        const string FileId = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6-0";
        const string Time = "20240102030405678";
        foreach (var line in Of("makeNames"))
        {
            var token = FileNames.MakeWriteToken(1, 2, 3);
            Assert.Equal(Text(line, "writeToken"), token);
            Assert.Equal(Text(line, "base"), FileNames.MakeBaseFile(Time, token, FileId));
            Assert.Equal(Text(line, "log"), FileNames.MakeLogFile(FileId, Time, 4, token));
            Assert.Equal(Text(line, "newFileId"), FileNames.MakeFileId("pfx", 7));
        }
    }
}
