using System.Globalization;

namespace OllaLab.Lakehouse.Config;

internal sealed partial class TableConfig
{
    private const string SlashedDayExtractor = "org.apache.hudi.hive.SlashEncodedDayPartitionValueExtractor";

    /// <summary>Types the properties of a table.</summary>
    /// <param name="properties">The file's entries.</param>
    /// <param name="root">The table's root, for messages.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Unsupported"/> names the property that is not understood; <see cref="LakehouseErrorKind.Corrupt"/>: no table name.</exception>
    public static TableConfig Parse(IReadOnlyDictionary<string, string> properties, string root)
    {
        var read = new ConfigReader(properties, root);
        int version = ReadVersion(read);
        RefuseWhatChangesReading(read);
        var ordering = read.List(ConfigKeys.OrderingFields) is { Length: > 0 } fields ? fields : read.List(ConfigKeys.PrecombineField);
        var (generator, generatorName) = KeyGenerators.Of(properties);
        bool cdc = read.Flag(ConfigKeys.Cdc, false);
        var timeline = read.Text(ConfigKeys.TimelinePath) ?? "timeline";
        return new TableConfig
        {
            Root = root,
            Properties = properties,
            TableName = read.Text(ConfigKeys.Name)
                ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, $"{ConfigKeys.Name} is missing", root, Path, remedy: $"Restore the file from {BackupPath} or write the table's name into it"),
            DatabaseName = read.Text(ConfigKeys.Database),
            Version = version,
            Type = read.Choice(ConfigKeys.Type, "COPY_ON_WRITE", ("COPY_ON_WRITE", TableType.CopyOnWrite), ("MERGE_ON_READ", TableType.MergeOnRead)),
            RecordKeyFields = read.List(ConfigKeys.RecordKeyFields),
            PartitionFields = Array.ConvertAll(read.List(ConfigKeys.PartitionFields), field => ReadPartitionField(read, field)),
            OrderingFields = ordering,
            Merge = MergeConfig.Infer(properties, version, ordering.Length > 0) ?? throw read.NotUnderstood(ConfigKeys.MergeMode),
            PartialUpdateMode = read.Choice(
                ConfigKeys.PartialUpdateMode,
                "NONE",
                ("NONE", PartialUpdateMode.None),
                ("IGNORE_DEFAULTS", PartialUpdateMode.IgnoreDefaults),
                ("FILL_UNAVAILABLE", PartialUpdateMode.FillUnavailable)),
            MergeProperties = read.Under(ConfigKeys.MergePropertyPrefix, string.Empty),
            KeyGeneratorType = generator,
            KeyGeneratorName = generatorName,
            ComplexKeyPrefixed = read.Choice<bool?>(ConfigKeys.ComplexKeyEncoding, string.Empty, (string.Empty, null), ("FIELD_PREFIXED", true), ("VALUE_ONLY", false)),
            TimeBasedKeyProperties = read.Under(ConfigKeys.TimeBasedPrefix, ConfigKeys.TimeBasedPrefix, ConfigKeys.TimeBasedPrefixOld),
            HiveStyle = read.Flag(ConfigKeys.HiveStyle, false),
            UrlEncode = read.Flag(ConfigKeys.UrlEncode, false),
            // Hudi 1.2's DataFrame writer stores the extractor only [tried].
            SlashSeparatedDates = read.Flag(ConfigKeys.SlashSeparatedDates, read.Text(ConfigKeys.PartitionExtractor) == SlashedDayExtractor),
            DropPartitionColumns = read.Flag(ConfigKeys.DropPartitionColumns, false),
            PopulateMetaFields = read.Flag(ConfigKeys.PopulateMetaFields, true),
            PartitionMetafileInBaseFormat = read.Flag(ConfigKeys.PartitionMetafileInBaseFormat, false),
            TimelineTimeZone = read.Choice(ConfigKeys.TimeZone, "LOCAL", ("LOCAL", TimelineTimeZone.Local), ("UTC", TimelineTimeZone.Utc)),
            TimelinePath = version < 8 ? ".hoodie" : read.Below(".hoodie", timeline, ConfigKeys.TimelinePath),
            HistoryPath = read.Below(read.Below(".hoodie", timeline, ConfigKeys.TimelinePath), read.Text(ConfigKeys.HistoryPath) ?? "history", ConfigKeys.HistoryPath),
            ArchiveFolder = read.Below(".hoodie", read.Text(ConfigKeys.ArchiveFolder) ?? "archived", ConfigKeys.ArchiveFolder),
            CreateSchema = read.Text(ConfigKeys.CreateSchema),
            CdcLogging = cdc ? ReadCdcLogging(read) : null,
            MetadataPartitions = read.List(ConfigKeys.MetadataPartitions),
            MetadataPartitionsInflight = read.List(ConfigKeys.MetadataPartitionsInflight),
        };
    }

    private static int ReadVersion(ConfigReader read)
    {
        // Java takes a missing version for its own release's: a guess that would be another one tomorrow.
        var text = read.Text(ConfigKeys.Version) ?? "(none)";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version is not (6 or 8 or 9))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"{ConfigKeys.Version} is {text}; this engine knows the versions 6, 8 and 9",
                read.Root,
                Path,
                remedy: "Upgrade or downgrade the table with Hudi's command line to one of them");
        }

        var layout = read.Text(ConfigKeys.LayoutVersion);
        if (layout is not null && layout != (version < 8 ? "1" : "2"))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"{ConfigKeys.LayoutVersion} is {layout}, which table version {version} does not have", read.Root, Path, remedy: "Let Hudi finish the upgrade of the table");
        }

        return version;
    }

    private static void RefuseWhatChangesReading(ConfigReader read)
    {
        read.RequireEither(ConfigKeys.BaseFileFormat, ConfigKeys.BaseFileFormatOld, "PARQUET");
        read.RequireEither(ConfigKeys.LogFileFormat, ConfigKeys.LogFileFormatOld, "HOODIE_LOG");
        read.RequireEither(ConfigKeys.Format, ConfigKeys.Format, "native");
        if (read.Flag(ConfigKeys.MultipleBaseFileFormats, false))
        {
            throw read.NotUnderstood(ConfigKeys.MultipleBaseFileFormats);
        }

        if (read.Text(ConfigKeys.BootstrapBasePath) is not null)
        {
            throw read.NotUnderstood(ConfigKeys.BootstrapBasePath);
        }
    }

    private static CdcLogging ReadCdcLogging(ConfigReader read) => read.Choice(
        ConfigKeys.CdcLogging,
        "DATA_BEFORE_AFTER",
        ("DATA_BEFORE_AFTER", OllaLab.Lakehouse.CdcLogging.BeforeAndAfter),
        ("DATA_BEFORE", OllaLab.Lakehouse.CdcLogging.Before),
        ("OP_KEY_ONLY", OllaLab.Lakehouse.CdcLogging.KeyOnly));

    private static PartitionField ReadPartitionField(ConfigReader read, string text) => text.IndexOf(':') switch
    {
        < 0 => new PartitionField(text),
        var colon => new PartitionField(text[..colon], text[(colon + 1)..].ToUpperInvariant() switch
        {
            "SIMPLE" => PartitionFieldType.Simple,
            "TIMESTAMP" => PartitionFieldType.Timestamp,
            _ => throw read.NotUnderstood(ConfigKeys.PartitionFields),
        }),
    };
}
