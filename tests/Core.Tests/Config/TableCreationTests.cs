using System.Text.Json;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Config;

/// <summary>New tables get the properties that Hudi 1.2's DataFrame writer gives them (vectors/created-configs.jsonl holds its files).</summary>
public class TableCreationTests
{
    private static readonly NewTable Simple = new() { Name = "t", RecordKeyFields = ["id"], PartitionFields = [new("city")], OrderingFields = ["ts"], TimelineTimeZone = TimelineTimeZone.Local };

    // What each case of the vectors needs beside Simple.
    private static readonly Dictionary<string, NewTable> Cases = new()
    {
        ["simple"] = Simple,
        ["nonpart"] = Simple with { PartitionFields = [] },
        ["complex"] = Simple with { RecordKeyFields = ["id", "name"], PartitionFields = [new("city"), new("day")] },
        ["hive"] = Simple with { HiveStyle = true, UrlEncode = true },
        ["hive2"] = Simple with { HiveStyle = true, PartitionFields = [new("city"), new("day")] },
        ["tsk"] = Simple with { PartitionFields = [new("ev")], KeyGenerator = KeyGeneratorType.Timestamp, TimeBasedKeyProperties = TimeBased("timestamp.type=EPOCHMILLISECONDS output.dateformat=yyyy/MM/dd timezone=UTC") },
        ["tskin"] = Simple with
        {
            PartitionFields = [new("day")],
            KeyGenerator = KeyGeneratorType.Timestamp,
            TimeBasedKeyProperties = TimeBased(
                "timestamp.type=DATE_STRING input.dateformat=yyyy-MM-dd output.dateformat=yyyy/MM/dd input.timezone=UTC output.timezone=UTC timestamp.scalar.time.unit=days"),
        },
        ["custom"] = Simple with { PartitionFields = [new("city", PartitionFieldType.Simple), new("ev", PartitionFieldType.Timestamp)] },
        ["customone"] = Simple with { PartitionFields = [new("ev", PartitionFieldType.Timestamp)] },
        ["noord"] = Simple with { OrderingFields = [] },
        ["auto"] = Simple with { OrderingFields = [], RecordKeyFields = [] },
        ["ctime"] = Simple with { MergeMode = MergeMode.CommitTime },
        ["utc"] = Simple with { TimelineTimeZone = TimelineTimeZone.Utc, PopulateMetaFields = false, DropPartitionColumns = true },
        ["slash"] = Simple with { PartitionFields = [new("day")], SlashSeparatedDates = true },
        ["mor"] = Simple with { Type = TableType.MergeOnRead },
        ["twoord"] = Simple with { OrderingFields = ["ts", "ev"] },
        ["db"] = Simple with { Database = "dd" },
        ["cdc"] = Simple with { CdcLogging = CdcLogging.BeforeAndAfter },
    };

    [Fact]
    public void Every_key_is_Hudis()
    {
        int count = 0;
        foreach (var vector in Repository.Vectors("created-configs.jsonl"))
        {
            var name = vector.GetProperty("case").GetString()!;
            var table = Cases[name];
            int version = vector.GetProperty("version").GetInt32();
            var expected = vector.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
            var created = TableConfig.PropertiesOf(table with { Version = version });

            // Where we say more than Hudi 1.2, or the same under the names that older releases know too.
            if (version < 9 && created.Remove(ConfigKeys.PrecombineField, out var precombine))
            {
                Assert.Equal(precombine, expected[ConfigKeys.OrderingFields]);
            }

            if (version < 8)
            {
                Assert.True(created.Remove(ConfigKeys.KeyGeneratorClass));
                expected[ConfigKeys.ArchiveFolder] = "archived";
            }

            if (name == "slash")
            {
                Assert.True(created.Remove(ConfigKeys.SlashSeparatedDates));
            }

            Assert.Equal(
                expected.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal),
                created.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
            count++;
        }

        Assert.Equal(3 * Cases.Count, count);
    }

    [Fact]
    public void What_Hudi_created_is_read_as_what_was_asked_for()
    {
        foreach (var vector in Repository.Vectors("created-configs.jsonl"))
        {
            if (!Cases.TryGetValue(vector.GetProperty("case").GetString()!, out var table))
            {
                continue;
            }

            var config = TableConfig.Parse(vector.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!), "t");
            Assert.Equal(table.RecordKeyFields, config.RecordKeyFields);
            Assert.Equal(table.PartitionFields.Select(f => f.Name), config.PartitionFields.Select(f => f.Name));
            Assert.Equal(table.OrderingFields, config.OrderingFields);
            Assert.Equal(table.MergeMode ?? (table.OrderingFields.Count > 0 ? MergeMode.EventTime : MergeMode.CommitTime), config.MergeMode);
            Assert.Equal(
                (table.HiveStyle, table.UrlEncode, table.SlashSeparatedDates, table.DropPartitionColumns, table.PopulateMetaFields, table.Database, table.Type),
                (config.HiveStyle, config.UrlEncode, config.SlashSeparatedDates, config.DropPartitionColumns, config.PopulateMetaFields, config.DatabaseName, config.Type));
            Assert.Equal(table.TimeBasedKeyProperties.OrderBy(p => p.Key), config.TimeBasedKeyProperties.OrderBy(p => p.Key));
        }
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        foreach (var table in new[]
        {
            Simple with { Version = 7 },
            Simple with { Name = " " },
            Simple with { RecordKeyFields = ["a,b"] },
            Simple with { MergeMode = MergeMode.Custom },
            Simple with { OrderingFields = [], MergeMode = MergeMode.EventTime },
            Simple with { KeyGenerator = KeyGeneratorType.NonPartitioned },
            Simple with { KeyGenerator = KeyGeneratorType.Other },
            Simple with { KeyGenerator = KeyGeneratorType.Custom },
            Simple with { PartitionFields = [], KeyGenerator = KeyGeneratorType.Timestamp },
            Simple with { PartitionFields = [new("a", PartitionFieldType.Simple)], KeyGenerator = KeyGeneratorType.Simple },
        })
        {
            Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => TableConfig.PropertiesOf(table)).Kind);
        }
    }

    private static Dictionary<string, string> TimeBased(string settings) =>
        settings.Split(' ').Select(setting => setting.Split('=', 2)).ToDictionary(pair => ConfigKeys.TimeBasedPrefix + pair[0], pair => pair[1]);
}
