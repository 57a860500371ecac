using System.Globalization;

namespace OllaLab.Lakehouse.Config;

internal sealed partial class TableConfig
{
    /// <summary>
    /// The properties that Hudi 1.2's DataFrame writer gives a new table of each version, and for versions 6 and 8 also the older names of the same facts
    /// (<c>precombine.field</c>, <c>keygenerator.class</c>), which releases before 1.1 look for.
    /// </summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: the settings contradict one another.</exception>
    public static OrderedDictionary<string, string> PropertiesOf(NewTable table)
    {
        var generator = Check(table);
        var partitions = table.PartitionFields.Select(field => table.Version < 8 ? field.Name : field.ToString());
        var properties = new OrderedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ConfigKeys.Name] = table.Name,
            [ConfigKeys.Type] = table.Type == TableType.CopyOnWrite ? "COPY_ON_WRITE" : "MERGE_ON_READ",
            [ConfigKeys.Version] = Text(table.Version),
            [ConfigKeys.LayoutVersion] = table.Version < 8 ? "1" : "2",
            [ConfigKeys.ArchiveFolder] = table.Version < 8 ? "archived" : "history",
            [ConfigKeys.TimelinePath] = "timeline",
            [ConfigKeys.HistoryPath] = "history",
            [ConfigKeys.TimeZone] = table.TimelineTimeZone == TimelineTimeZone.Utc ? "UTC" : "LOCAL",
            [ConfigKeys.Format] = "native",
            [ConfigKeys.BaseFileFormat] = "PARQUET",
            [ConfigKeys.PartitionFields] = string.Join(',', partitions),
            [ConfigKeys.PartitionExtractor] = Extractor(table),
            [ConfigKeys.KeyGeneratorType] = KeyGenerators.TypeName(generator),
            [ConfigKeys.HiveStyle] = Text(table.HiveStyle),
            [ConfigKeys.UrlEncode] = Text(table.UrlEncode),
            [ConfigKeys.DropPartitionColumns] = Text(table.DropPartitionColumns),
            [ConfigKeys.PopulateMetaFields] = Text(table.PopulateMetaFields),
            [ConfigKeys.PartitionMetafileInBaseFormat] = "false",
            [ConfigKeys.Cdc] = Text(table.CdcLogging is not null),
        };
        Set(properties, ConfigKeys.Database, table.Database);
        Set(properties, ConfigKeys.RecordKeyFields, string.Join(',', table.RecordKeyFields));
        Set(properties, ConfigKeys.OrderingFields, string.Join(',', table.OrderingFields));
        Set(properties, ConfigKeys.CreateSchema, table.CreateSchema);
        Set(properties, ConfigKeys.CdcLogging, table.CdcLogging switch
        {
            OllaLab.Lakehouse.CdcLogging.BeforeAndAfter => "DATA_BEFORE_AFTER",
            OllaLab.Lakehouse.CdcLogging.Before => "DATA_BEFORE",
            OllaLab.Lakehouse.CdcLogging.KeyOnly => "OP_KEY_ONLY",
            _ => null,
        });
        if (table.SlashSeparatedDates)
        {
            properties[ConfigKeys.SlashSeparatedDates] = "true";
        }

        foreach (var (key, value) in table.TimeBasedKeyProperties)
        {
            properties[key] = value;
        }

        foreach (var (key, value) in table.Extra)
        {
            properties[key] = value;
        }

        AddMerging(properties, table);
        AddByVersion(properties, table, generator);
        properties[ConfigKeys.Checksum] = TableChecksum.Of(table.Database, table.Name).ToString(CultureInfo.InvariantCulture);
        return properties;
    }

    private static KeyGeneratorType Check(NewTable table)
    {
        if (table.Version is not (6 or 8 or 9))
        {
            throw Invalid($"There is no table version {table.Version} here", "Choose 9, 8 or 6");
        }

        if (string.IsNullOrWhiteSpace(table.Name))
        {
            throw Invalid("A table needs a name", "Give one");
        }

        foreach (var field in table.RecordKeyFields.Concat(table.OrderingFields).Concat(table.PartitionFields.Select(static field => field.Name)))
        {
            if (string.IsNullOrWhiteSpace(field) || field.Contains(',') || field.Contains(':'))
            {
                throw Invalid($"A field is named '{field}'", "Name columns without ',' and ':'; hoodie.properties lists them with these separators");
            }
        }

        if (table.MergeMode == OllaLab.Lakehouse.MergeMode.Custom)
        {
            throw Invalid("A table with a custom merge mode cannot be created here", "Choose event time or commit time");
        }

        if (table.MergeMode == OllaLab.Lakehouse.MergeMode.EventTime && table.OrderingFields.Count == 0)
        {
            throw Invalid("Event time ordering needs an ordering field", "Name one, or choose commit time ordering");
        }

        var generator = table.KeyGenerator ?? KeyGenerators.Infer(table.RecordKeyFields.Count, [.. table.PartitionFields.Select(static field => field.ToString())]);
        int partitions = table.PartitionFields.Count;
        return generator switch
        {
            KeyGeneratorType.Other => throw Invalid("The key generator is none that this engine knows", "Choose another"),
            KeyGeneratorType.NonPartitioned or KeyGeneratorType.GlobalDelete when partitions > 0 => throw Invalid($"The key generator {generator} has no partitions, and the table names {partitions}", "Choose another key generator"),
            KeyGeneratorType.Simple or KeyGeneratorType.Timestamp when partitions != 1 || table.RecordKeyFields.Count > 1 =>
                throw Invalid($"The key generator {generator} takes one key field and one partition field", "Choose the complex or the custom key generator"),
            KeyGeneratorType.Custom when table.PartitionFields.Any(static field => field.Type is null) => throw Invalid("The custom key generator needs a type for each partition field", "Write field:SIMPLE or field:TIMESTAMP"),
            not KeyGeneratorType.Custom when table.PartitionFields.Any(static field => field.Type is not null) => throw Invalid("Only the custom key generator takes types of partition fields", "Leave them out"),
            _ => generator,
        };
    }

    private static void AddMerging(OrderedDictionary<string, string> properties, NewTable table)
    {
        bool eventTime = (table.MergeMode ?? (table.OrderingFields.Count > 0 ? OllaLab.Lakehouse.MergeMode.EventTime : OllaLab.Lakehouse.MergeMode.CommitTime)) == OllaLab.Lakehouse.MergeMode.EventTime;
        if (table.Version >= 8)
        {
            properties[ConfigKeys.MergeMode] = MergeConfig.NameOf(eventTime ? OllaLab.Lakehouse.MergeMode.EventTime : OllaLab.Lakehouse.MergeMode.CommitTime);
        }

        if (table.Version < 9)
        {
            properties[ConfigKeys.MergeStrategyId] = eventTime ? MergeConfig.EventTimeStrategy : MergeConfig.CommitTimeStrategy;
            properties[ConfigKeys.PayloadClass] = eventTime ? MergeConfig.DefaultPayload : MergeConfig.OverwriteWithLatestPayload;
        }
    }

    private static void AddByVersion(OrderedDictionary<string, string> properties, NewTable table, KeyGeneratorType generator)
    {
        if (table.Version >= 8)
        {
            properties[ConfigKeys.InitialVersion] = Text(table.Version);
            properties[ConfigKeys.MultipleBaseFileFormats] = "false";
        }
        else
        {
            properties[ConfigKeys.KeyGeneratorClass] = KeyGenerators.ClassName(generator);
        }

        if (table.Version < 9)
        {
            Set(properties, ConfigKeys.PrecombineField, string.Join(',', table.OrderingFields));
        }
    }

    // What Hive sync and query engines use to get partition values of a path; inferred by Hudi 1.2 (HoodieSyncConfig.META_SYNC_PARTITION_EXTRACTOR_CLASS).
    private static string Extractor(NewTable table) => "org.apache.hudi.hive." + table switch
    {
        { PartitionFields.Count: 0 } => "NonPartitionedExtractor",
        { PartitionFields.Count: > 1 } => "MultiPartKeysValueExtractor",
        { SlashSeparatedDates: true } => "SlashEncodedDayPartitionValueExtractor",
        { HiveStyle: true } => "HiveStylePartitionValueExtractor",
        _ => "SinglePartPartitionValueExtractor",
    };

    private static void Set(OrderedDictionary<string, string> properties, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            properties[key] = value;
        }
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static LakehouseException Invalid(string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, remedy: remedy);
}
