namespace OllaLab.Lakehouse.Config;

/// <summary>What a table is created with. Whatever is left out gets Hudi's default, or is inferred as Hudi 1.2 infers it.</summary>
internal sealed record NewTable
{
    /// <summary>The table's name.</summary>
    public required string Name { get; init; }

    /// <summary>The database's name; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>9, 8 or 6.</summary>
    public int Version { get; init; } = 9;

    /// <summary>Copy-on-write or merge-on-read.</summary>
    public TableType Type { get; init; } = TableType.CopyOnWrite;

    /// <summary>The key columns; empty: keys are generated.</summary>
    public IReadOnlyList<string> RecordKeyFields { get; init; } = [];

    /// <summary>The partition columns, with types for the custom key generator.</summary>
    public IReadOnlyList<PartitionField> PartitionFields { get; init; } = [];

    /// <summary>The ordering columns.</summary>
    public IReadOnlyList<string> OrderingFields { get; init; } = [];

    /// <summary>The merge mode; null: event time with an ordering field, else commit time.</summary>
    public MergeMode? MergeMode { get; init; }

    /// <summary>The key generator; null: inferred from the fields.</summary>
    public KeyGeneratorType? KeyGenerator { get; init; }

    /// <summary>The timestamp generator's settings under their full names, <c>hoodie.keygen.timebased.*</c>.</summary>
    public IReadOnlyDictionary<string, string> TimeBasedKeyProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether path segments read <c>field=value</c>.</summary>
    public bool HiveStyle { get; init; }

    /// <summary>Whether path segments are percent-encoded.</summary>
    public bool UrlEncode { get; init; }

    /// <summary>Whether a date yyyy-MM-dd spans three path segments.</summary>
    public bool SlashSeparatedDates { get; init; }

    /// <summary>Whether data files lack the partition columns.</summary>
    public bool DropPartitionColumns { get; init; }

    /// <summary>Whether the meta columns hold values.</summary>
    public bool PopulateMetaFields { get; init; } = true;

    /// <summary>What writes log of their changes; null: nothing.</summary>
    public CdcLogging? CdcLogging { get; init; }

    /// <summary>The zone of instant times.</summary>
    public TimelineTimeZone TimelineTimeZone { get; init; } = TimelineTimeZone.Utc;

    /// <summary>The data columns as an Avro record in JSON, for <c>hoodie.table.create.schema</c>; null leaves it out, as Hudi's DataFrame writer does.</summary>
    public string? CreateSchema { get; init; }

    /// <summary>Further properties, kept as they are.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();
}
