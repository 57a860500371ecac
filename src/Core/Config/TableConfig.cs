namespace OllaLab.Lakehouse.Config;

/// <summary>
/// What hoodie.properties says of a table, typed. Whatever changes how rows are read is understood or refused when it is parsed, by the property's name; what concerns writers only is
/// refused by <see cref="RequireWritable"/>. Properties not known here are kept (<see cref="Properties"/>) and survive an update.
/// </summary>
internal sealed partial class TableConfig
{
    /// <summary>The file, relative to the table's root.</summary>
    public const string Path = ".hoodie/hoodie.properties";

    /// <summary>Its copy while it is being updated (format A.4).</summary>
    public const string BackupPath = Path + ".backup";

    /// <summary>The table's root, for messages.</summary>
    public required string Root { get; init; }

    /// <summary>All properties, in the file's order.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary><c>hoodie.table.name</c>.</summary>
    public required string TableName { get; init; }

    /// <summary><c>hoodie.database.name</c>; null when missing or empty.</summary>
    public string? DatabaseName { get; init; }

    /// <summary>6, 8 or 9.</summary>
    public required int Version { get; init; }

    /// <summary>1 (version 6) or 2.</summary>
    public int LayoutVersion => Version < 8 ? 1 : 2;

    /// <summary>Copy-on-write or merge-on-read.</summary>
    public required TableType Type { get; init; }

    /// <summary>The key columns; empty where the writer generates keys.</summary>
    public required string[] RecordKeyFields { get; init; }

    /// <summary>The partition columns, in the order of the path; empty where the table has no partitions.</summary>
    public required PartitionField[] PartitionFields { get; init; }

    /// <summary>The ordering columns (<c>hoodie.table.ordering.fields</c>, formerly <c>precombine.field</c>); empty without.</summary>
    public required string[] OrderingFields { get; init; }

    /// <summary>Mode, strategy and payload class of merging.</summary>
    public required MergeConfig Merge { get; init; }

    /// <summary>The merge mode, inferred for any version.</summary>
    public MergeMode MergeMode => Merge.Mode;

    /// <summary>What counts as an update of part of a row.</summary>
    public PartialUpdateMode PartialUpdateMode { get; init; }

    /// <summary>The properties under <c>hoodie.record.merge.property.</c>, without that prefix: they steer merging (delete markers and the like).</summary>
    public required IReadOnlyDictionary<string, string> MergeProperties { get; init; }

    /// <summary>The key generator, inferred where the table names none.</summary>
    public required KeyGeneratorType KeyGeneratorType { get; init; }

    /// <summary>What the table calls its key generator: a type or a class.</summary>
    public required string KeyGeneratorName { get; init; }

    /// <summary>How the complex generator writes a single key field (<c>hoodie.table.complex.keygen.encoding</c>): true <c>field:value</c>, false the value alone, null not said.</summary>
    public bool? ComplexKeyPrefixed { get; init; }

    /// <summary>The timestamp generator's settings under their full names, <c>hoodie.keygen.timebased.*</c>.</summary>
    public required IReadOnlyDictionary<string, string> TimeBasedKeyProperties { get; init; }

    /// <summary>Whether path segments read <c>field=value</c>.</summary>
    public bool HiveStyle { get; init; }

    /// <summary>Whether path segments are percent-encoded.</summary>
    public bool UrlEncode { get; init; }

    /// <summary>Whether a date yyyy-MM-dd spans three path segments yyyy/MM/dd (Hudi 1.2).</summary>
    public bool SlashSeparatedDates { get; init; }

    /// <summary>Whether data files lack the partition columns, so that their values come from the path.</summary>
    public bool DropPartitionColumns { get; init; }

    /// <summary>Whether the five meta columns hold values; if not, keys are virtual: made from the data columns.</summary>
    public bool PopulateMetaFields { get; init; } = true;

    /// <summary>Whether .hoodie_partition_metadata has the base file's extension and format.</summary>
    public bool PartitionMetafileInBaseFormat { get; init; }

    /// <summary>The zone of instant times.</summary>
    public TimelineTimeZone TimelineTimeZone { get; init; }

    /// <summary>The active timeline's folder, relative to the root: <c>.hoodie</c> in version 6, else <c>.hoodie/timeline</c> or as configured.</summary>
    public required string TimelinePath { get; init; }

    /// <summary>The archived timeline's folder in layout 2, relative to the root: <c>.hoodie/timeline/history</c> or as configured.</summary>
    public required string HistoryPath { get; init; }

    /// <summary>The archived timeline's folder in layout 1, relative to the root: <c>.hoodie/archived</c> or as configured.</summary>
    public required string ArchiveFolder { get; init; }

    /// <summary>The Avro schema (JSON, without meta columns) of the table's creation; null where it was not stored.</summary>
    public string? CreateSchema { get; init; }

    /// <summary>What each write must log of its changes for CDC queries; null: nothing (hoodie.table.cdc.enabled, hoodie.table.cdc.supplemental.logging.mode).</summary>
    public CdcLogging? CdcLogging { get; init; }

    /// <summary>The partitions of the metadata table that readers may use; empty without a metadata table.</summary>
    public required string[] MetadataPartitions { get; init; }

    /// <summary>The partitions of the metadata table that are being built.</summary>
    public required string[] MetadataPartitionsInflight { get; init; }

    /// <summary>The format of base files; only PARQUET is understood.</summary>
    public string BaseFileFormat { get; init; } = "PARQUET";
}
