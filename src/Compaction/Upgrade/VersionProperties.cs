using System.Globalization;
using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Services;

/// <summary>What a table's properties become in another version (SevenToEightUpgradeHandler, EightToNineUpgradeHandler, NineToEightDowngradeHandler, EightToSevenDowngradeHandler of 1.2).</summary>
internal static class VersionProperties
{
    private const string Model = "org.apache.hudi.common.model.";
    private const string AwsDms = Model + "AWSDmsAvroPayload";
    private const string MySql = Model + "debezium.MySqlDebeziumAvroPayload";
    private const string Postgres = Model + "debezium.PostgresDebeziumAvroPayload";
    private const string OverwriteNonDefaults = Model + "OverwriteNonDefaultsWithLatestAvroPayload";
    private const string PartialUpdate = Model + "PartialUpdateAvroPayload";
    private const string DeleteKey = ConfigKeys.MergePropertyPrefix + "hoodie.payload.delete.field";
    private const string DeleteMarker = ConfigKeys.MergePropertyPrefix + "hoodie.payload.delete.marker";
    private const string UnavailableValue = ConfigKeys.MergePropertyPrefix + "hoodie.write.partial.update.unavailable.value";

    // These are modes of their own from version 9 on.
    private static readonly HashSet<string> Legacy =
        [AwsDms, MergeConfig.DefaultPayload, MergeConfig.EventTimePayload, MySql, OverwriteNonDefaults, MergeConfig.OverwriteWithLatestPayload, PartialUpdate, Postgres];

    /// <summary>The properties in the wanted version; the steps between are made one after the other.</summary>
    /// <param name="config">The table.</param>
    /// <param name="to">6, 8 or 9.</param>
    /// <param name="partitionFields">Of a table with custom keys that goes from 6 to 8 its partition fields with their types; else null.</param>
    public static Dictionary<string, string> Of(TableConfig config, int to, string? partitionFields)
    {
        var properties = config.Properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        int version = config.Version;
        if (version == 6 && to > 6)
        {
            SixToEight(properties, config, partitionFields);
            version = 8;
        }

        if (version == 8 && to == 9)
        {
            EightToNine(properties);
        }
        else if (version == 9 && to < 9)
        {
            NineToEight(properties);
            version = 8;
        }

        if (version == 8 && to == 6)
        {
            EightToSix(properties, config);
        }

        properties[ConfigKeys.Version] = to.ToString(CultureInfo.InvariantCulture);
        return properties;
    }

    private static void SixToEight(Dictionary<string, string> p, TableConfig config, string? partitionFields)
    {
        p[ConfigKeys.LayoutVersion] = "2";
        p[ConfigKeys.TimelinePath] = "timeline";
        p[ConfigKeys.InitialVersion] = "6";
        if (config.KeyGeneratorType == KeyGeneratorType.Custom && !config.PartitionFields.All(f => f.Type is not null))
        {
            p[ConfigKeys.PartitionFields] = partitionFields ?? throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, "The table has custom keys, and version 6 does not store the types of their partition fields, which version 8 needs", config.Root, TableConfig.Path,
                remedy: "Give them, as in hoodie.datasource.write.partitionpath.field=city:SIMPLE,ts:TIMESTAMP");
        }

        if (config.KeyGeneratorType != KeyGeneratorType.Other)
        {
            p[ConfigKeys.KeyGeneratorClass] = Text(p, ConfigKeys.KeyGeneratorClass) ?? KeyGenerators.ClassName(config.KeyGeneratorType);
            p[ConfigKeys.KeyGeneratorType] = KeyGenerators.TypeName(config.KeyGeneratorType);
        }

        var payload = Text(p, ConfigKeys.PayloadClass);
        var (mode, strategy, named) = payload switch
        {
            not (null or MergeConfig.DefaultPayload or MergeConfig.EventTimePayload or MergeConfig.OverwriteWithLatestPayload) => (MergeMode.Custom, MergeConfig.PayloadStrategy, payload),
            _ when config.Type == TableType.MergeOnRead && config.OrderingFields.Length > 0 => (MergeMode.EventTime, MergeConfig.EventTimeStrategy, MergeConfig.DefaultPayload),
            MergeConfig.DefaultPayload => (MergeMode.EventTime, MergeConfig.EventTimeStrategy, MergeConfig.DefaultPayload),
            _ => (MergeMode.CommitTime, MergeConfig.CommitTimeStrategy, MergeConfig.OverwriteWithLatestPayload),
        };
        p[ConfigKeys.MergeMode] = MergeConfig.NameOf(mode);
        p[ConfigKeys.PayloadClass] = named;
        p[ConfigKeys.MergeStrategyId] = p[ConfigKeys.MergeStrategyIdOld] = strategy;
    }

    private static void EightToNine(Dictionary<string, string> p)
    {
        var payload = Text(p, ConfigKeys.PayloadClass);
        if (payload is null or MergeConfig.DefaultPayload or MergeConfig.EventTimePayload or MergeConfig.OverwriteWithLatestPayload || !Legacy.Contains(payload))
        {
            if (Text(p, ConfigKeys.MergeMode) != MergeConfig.NameOf(MergeMode.Custom))
            {
                p.Remove(ConfigKeys.MergeStrategyId);
            }
        }
        else if (payload is AwsDms or OverwriteNonDefaults)
        {
            (p[ConfigKeys.MergeMode], p[ConfigKeys.MergeStrategyId]) = (MergeConfig.NameOf(MergeMode.CommitTime), MergeConfig.CommitTimeStrategy);
        }
        else
        {
            (p[ConfigKeys.MergeMode], p[ConfigKeys.MergeStrategyId]) = (MergeConfig.NameOf(MergeMode.EventTime), MergeConfig.EventTimeStrategy);
        }

        if (payload is OverwriteNonDefaults or PartialUpdate)
        {
            p[ConfigKeys.PartialUpdateMode] = "IGNORE_DEFAULTS";
        }

        switch (payload)
        {
            case AwsDms:
                (p[DeleteKey], p[DeleteMarker]) = ("Op", "D");
                break;
            case Postgres:
                p[ConfigKeys.PartialUpdateMode] = "FILL_UNAVAILABLE";
                p[UnavailableValue] = "__debezium_unavailable_value";
                (p[DeleteKey], p[DeleteMarker]) = ("_change_operation_type", "d");
                break;
            case MySql:
                (p[DeleteKey], p[DeleteMarker]) = ("_change_operation_type", "d");
                break;
        }

        if (payload is not null && Legacy.Contains(payload))
        {
            p[ConfigKeys.LegacyPayloadClass] = payload;
            p.Remove(ConfigKeys.PayloadClass);
        }

        var ordering = payload switch
        {
            MySql => "_event_bin_file,_event_pos",
            Postgres => "_event_lsn",
            _ => Text(p, ConfigKeys.OrderingFields) ?? Text(p, ConfigKeys.PrecombineField),
        };
        if (ordering is not null)
        {
            p[ConfigKeys.OrderingFields] = ordering;
            p.Remove(ConfigKeys.PrecombineField);
        }
    }

    private static void NineToEight(Dictionary<string, string> p)
    {
        p.Remove(ConfigKeys.PartialUpdateMode);
        var legacy = Text(p, ConfigKeys.LegacyPayloadClass);
        if (legacy is not null && Legacy.Contains(legacy))
        {
            p.Remove(ConfigKeys.LegacyPayloadClass);
            p[ConfigKeys.PayloadClass] = legacy;
            if (legacy is not (MergeConfig.OverwriteWithLatestPayload or MergeConfig.DefaultPayload or MergeConfig.EventTimePayload))
            {
                (p[ConfigKeys.MergeStrategyId], p[ConfigKeys.MergeMode]) = (MergeConfig.PayloadStrategy, MergeConfig.NameOf(MergeMode.Custom));
            }

            if (legacy == AwsDms)
            {
                p.Remove(DeleteKey);
                p.Remove(DeleteMarker);
            }
            else if (legacy == Postgres)
            {
                p.Remove(UnavailableValue);
            }
        }

        // Version 8 stores the payload class and the strategy of the two modes; Hudi fills them in when it writes the properties.
        var mode = Text(p, ConfigKeys.MergeMode);
        if (mode == MergeConfig.NameOf(MergeMode.EventTime) || mode == MergeConfig.NameOf(MergeMode.CommitTime))
        {
            bool eventTime = mode == MergeConfig.NameOf(MergeMode.EventTime);
            p[ConfigKeys.MergeStrategyId] = eventTime ? MergeConfig.EventTimeStrategy : MergeConfig.CommitTimeStrategy;
            p[ConfigKeys.PayloadClass] = Text(p, ConfigKeys.PayloadClass) ?? (eventTime ? MergeConfig.DefaultPayload : MergeConfig.OverwriteWithLatestPayload);
        }

        var ordering = legacy == MySql ? "_event_seq" : Text(p, ConfigKeys.OrderingFields);
        if (ordering is not null)
        {
            p[ConfigKeys.PrecombineField] = ordering;
            p.Remove(ConfigKeys.OrderingFields);
        }
    }

    private static void EightToSix(Dictionary<string, string> p, TableConfig config)
    {
        p[ConfigKeys.LayoutVersion] = "1";
        p.Remove(ConfigKeys.InitialVersion);
        if (Text(p, ConfigKeys.PayloadClass) is null)
        {
            p[ConfigKeys.PayloadClass] = Text(p, ConfigKeys.MergeMode) switch
            {
                "EVENT_TIME_ORDERING" => MergeConfig.DefaultPayload,
                "COMMIT_TIME_ORDERING" => MergeConfig.OverwriteWithLatestPayload,
                _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, "The table has a custom merge mode without a payload class, which version 6 has no form for", config.Root, TableConfig.Path, remedy: "Keep the version"),
            };
        }

        p.Remove(ConfigKeys.MergeMode);
        p.Remove(ConfigKeys.MergeStrategyId);
        if (config.KeyGeneratorType != KeyGeneratorType.Other)
        {
            p[ConfigKeys.KeyGeneratorClass] = Text(p, ConfigKeys.KeyGeneratorClass) ?? KeyGenerators.ClassName(config.KeyGeneratorType);
            p.Remove(ConfigKeys.KeyGeneratorType);
        }

        if (config.PartitionFields.Any(f => f.Type is not null))
        {
            p[ConfigKeys.PartitionFields] = string.Join(',', config.PartitionFields.Select(f => f.Name));
        }
    }

    private static string? Text(Dictionary<string, string> properties, string key) => properties.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
}
