using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Config;

/// <summary>The typed view of hoodie.properties.</summary>
public class TableConfigTests
{
    public static TheoryData<string> Goldens => [.. Golden.Names()];

    [Theory, MemberData(nameof(Goldens))]
    public async Task Every_golden_is_understood(string name)
    {
        var golden = Golden.Open(name);
        var config = await TableConfigFile.LoadAsync(new LocalObjectStore(golden.Table), LakehouseEnvironment.System);
        Assert.Equal(golden.Version, config.Version);
        Assert.Equal(golden.Property("hoodie.table.name"), config.TableName);
        Assert.Equal(name.Contains("mor_", StringComparison.Ordinal) ? TableType.MergeOnRead : TableType.CopyOnWrite, config.Type);

        // Version 6 has no mode: its payload class tells.
        var inferred = golden.Property("hoodie.compaction.payload.class")?.Split('.')[^1] switch
        {
            "DefaultHoodieRecordPayload" or null => "EVENT_TIME_ORDERING",
            "OverwriteWithLatestAvroPayload" => "COMMIT_TIME_ORDERING",
            _ => "CUSTOM",
        };
        Assert.Equal(golden.Property("hoodie.record.merge.mode") ?? inferred, MergeConfig.NameOf(config.MergeMode));
        Assert.NotEqual(KeyGeneratorType.Other, config.KeyGeneratorType);
        Assert.Equal(TimelineTimeZone.Local, config.TimelineTimeZone);
        Assert.True(Directory.Exists(Path.Combine(golden.Table, config.TimelinePath)));
        // hudi-rs makes no folder for the archive, nor does the SQL of Hudi 1.2 in version 6.
        Assert.True(name.StartsWith("rs/", StringComparison.Ordinal) || name == "v6/mor_schema_on_read_deep" || Directory.Exists(Path.Combine(golden.Table, config.Version < 8 ? config.ArchiveFolder : config.HistoryPath)));
        Assert.Equal(golden.Property("hoodie.table.recordkey.fields") ?? "", string.Join(',', config.RecordKeyFields));
        Assert.Equal((golden.Property("hoodie.table.partition.fields") ?? "").Replace("\\", ""), string.Join(',', config.PartitionFields));
        Assert.Equal(golden.Property("hoodie.table.ordering.fields") ?? golden.Property("hoodie.table.precombine.field") ?? "", string.Join(',', config.OrderingFields));
        Assert.Equal(golden.Property("hoodie.table.cdc.enabled") == "true", config.CdcLogging is not null);
    }

    [Theory]
    [InlineData("v9/cow_partitioned", KeyGeneratorType.Simple)]
    [InlineData("v9/cow_complex_keys", KeyGeneratorType.Complex)]
    [InlineData("v9/cow_custom_keygen", KeyGeneratorType.Custom)]
    [InlineData("v9/cow_nonpartitioned", KeyGeneratorType.NonPartitioned)]
    [InlineData("v9/cow_timestamp_keygen", KeyGeneratorType.Timestamp)]
    [InlineData("v6/cow_partitioned", KeyGeneratorType.Simple)]
    [InlineData("v6/cow_complex_keys", KeyGeneratorType.Complex)]
    [InlineData("v6/cow_nonpartitioned", KeyGeneratorType.NonPartitioned)]
    [InlineData("v6/cow_timestamp_keygen", KeyGeneratorType.Timestamp)]
    public async Task Key_generators_of_goldens(string name, KeyGeneratorType expected)
    {
        var config = await TableConfigFile.LoadAsync(new LocalObjectStore(Golden.Open(name).Table), LakehouseEnvironment.System);
        Assert.Equal(expected, config.KeyGeneratorType);
        if (expected == KeyGeneratorType.Timestamp)
        {
            Assert.Equal("yyyy/MM/dd", config.TimeBasedKeyProperties["hoodie.keygen.timebased.output.dateformat"]);
        }
    }

    [Theory]
    [InlineData("hoodie.table.version", "7")]
    [InlineData("hoodie.table.version", "10")]
    [InlineData("hoodie.table.version", null)]
    [InlineData("hoodie.timeline.layout.version", "1")]
    [InlineData("hoodie.table.type", "MERGE_ON_WRITE")]
    [InlineData("hoodie.table.base.file.format", "ORC")]
    [InlineData("hoodie.table.ro.file.format", "HFILE")]
    [InlineData("hoodie.table.log.file.format", "PARQUET")]
    [InlineData("hoodie.table.format", "iceberg")]
    [InlineData("hoodie.table.multiple.base.file.formats.enable", "true")]
    [InlineData("hoodie.bootstrap.base.path", "/elsewhere")]
    [InlineData("hoodie.record.merge.mode", "NEWEST_FIRST")]
    [InlineData("hoodie.table.partial.update.mode", "IGNORE_SOME")]
    [InlineData("hoodie.table.timeline.timezone", "CET")]
    [InlineData("hoodie.table.partition.fields", "city:MONTH")]
    [InlineData("hoodie.table.complex.keygen.encoding", "REVERSED")]
    [InlineData("hoodie.timeline.path", "../other")]
    public void What_is_not_understood_is_refused_by_name(string key, string? value)
    {
        var properties = TableConfig.PropertiesOf(new NewTable { Name = "t", RecordKeyFields = ["id"] });
        properties.Remove("hoodie.table.base.file.format");
        if (value is null)
        {
            properties.Remove(key);
        }
        else
        {
            properties[key] = value;
        }

        var error = Assert.Throws<LakehouseException>(() => TableConfig.Parse(properties, "/tables/t"));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(value ?? "(none)", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        Assert.Equal("/tables/t", error.Table);
    }

    [Theory]
    [InlineData("hoodie.table.keygenerator.type", "USER_PROVIDED")]
    [InlineData("hoodie.table.keygenerator.class", "com.example.OurKeys")]
    [InlineData("hoodie.partition.metafile.use.base.format", "true")]
    public void What_can_be_read_and_not_written_is_refused_to_writers(string key, string value)
    {
        var properties = TableConfig.PropertiesOf(new NewTable { Name = "t", RecordKeyFields = ["id"] });
        TableConfig.Parse(properties, "t").RequireWritable();
        properties[key] = value;
        var config = TableConfig.Parse(properties, "t");
        var error = Assert.Throws<LakehouseException>(config.RequireWritable);
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, null, null, null, true, MergeMode.EventTime)]
    [InlineData(6, null, "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload", "eeb8d96f-b1e4-49fd-bbf8-28ac514178e5", true, MergeMode.CommitTime)]
    [InlineData(6, null, "com.uber.hoodie.common.model.OverwriteWithLatestAvroPayload", null, true, MergeMode.CommitTime)]
    [InlineData(6, null, "org.apache.hudi.common.model.AWSDmsAvroPayload", "eeb8d96f-b1e4-49fd-bbf8-28ac514178e5", true, MergeMode.Custom)]
    [InlineData(8, null, null, null, true, MergeMode.EventTime)]
    [InlineData(8, null, null, null, false, MergeMode.CommitTime)]
    [InlineData(8, null, null, "ce9acb64-bde0-424c-9b91-f6ebba25356d", true, MergeMode.CommitTime)]
    [InlineData(8, null, "org.apache.hudi.common.model.PartialUpdateAvroPayload", null, true, MergeMode.Custom)]
    [InlineData(8, "CUSTOM", "org.apache.hudi.common.model.PartialUpdateAvroPayload", "00000000-0000-0000-0000-000000000000", true, MergeMode.Custom)]
    [InlineData(9, "COMMIT_TIME_ORDERING", null, null, true, MergeMode.CommitTime)]
    public void The_merge_mode_is_inferred(int version, string? mode, string? payload, string? strategy, bool ordering, MergeMode expected)
    {
        var properties = new Dictionary<string, string>();
        foreach (var (key, value) in new[] { (ConfigKeys.MergeMode, mode), (ConfigKeys.PayloadClass, payload), (ConfigKeys.MergeStrategyId, strategy) })
        {
            if (value is not null)
            {
                properties[key] = value;
            }
        }

        Assert.Equal(expected, MergeConfig.Infer(properties, version, ordering)!.Mode);
    }

    [Theory]
    [InlineData("id", "", KeyGeneratorType.NonPartitioned)]
    [InlineData("id,b", "", KeyGeneratorType.NonPartitioned)]
    [InlineData("id", "p", KeyGeneratorType.Simple)]
    [InlineData("", "p", KeyGeneratorType.Simple)]
    [InlineData("id,b", "p", KeyGeneratorType.Complex)]
    [InlineData("id", "p,q", KeyGeneratorType.Complex)]
    [InlineData("id", "p:SIMPLE", KeyGeneratorType.Custom)]
    public void The_key_generator_is_inferred(string keys, string partitions, KeyGeneratorType expected)
    {
        var properties = new Dictionary<string, string> { [ConfigKeys.RecordKeyFields] = keys, [ConfigKeys.PartitionFields] = partitions };
        Assert.Equal(expected, KeyGenerators.Of(properties).Type);
    }
}
