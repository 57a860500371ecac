namespace OllaLab.Lakehouse;

/// <summary>How a table is created. All of it is stored in the table (.hoodie/hoodie.properties), where every engine reads it.</summary>
public sealed class TableOptions
{
    /// <summary>The table's name; default: the last segment of its path (hoodie.table.name).</summary>
    public string? Name { get; init; }

    /// <summary>Whether a change rewrites base files or is logged beside them; default <see cref="TableType.CopyOnWrite"/> (hoodie.table.type).</summary>
    public TableType Type { get; init; } = TableType.CopyOnWrite;

    /// <summary>Columns of the record key, in order; empty: the engine generates a key for each inserted row, and the table cannot be upserted by key (hoodie.table.recordkey.fields).</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Columns whose values make the partition path, in order; empty: one partition. With <see cref="KeyGeneratorType.Custom"/> each may carry its type: "day:timestamp" (hoodie.table.partition.fields).</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>Ordering fields: of two rows with one key, the one with the greater values is the newer; empty: the later commit wins (hoodie.table.ordering.fields).</summary>
    public IReadOnlyList<string> Ordering { get; init; } = [];

    /// <summary>Hudi's table version: 9 (default; Hudi 1.1 and later), 8 (1.0), 6 (0.14 and later).</summary>
    public int TableVersion { get; init; } = 9;

    /// <summary>How rows with one key are merged; default: <see cref="MergeMode.EventTime"/> when there are ordering fields, else <see cref="MergeMode.CommitTime"/> (hoodie.record.merge.mode).</summary>
    public MergeMode? MergeMode { get; init; }

    /// <summary>How keys and partition paths are made; default: inferred from <see cref="Keys"/> and <see cref="Partitions"/> as Hudi does (hoodie.table.keygenerator.type).</summary>
    public KeyGeneratorType? KeyGenerator { get; init; }

    /// <summary>Whether partition folders are named field=value; default false (hoodie.datasource.write.hive_style_partitioning).</summary>
    public bool HiveStylePartitioning { get; init; }

    /// <summary>Whether characters such as '/' in partition values are percent-encoded; default false: such values are refused (hoodie.datasource.write.partitionpath.urlencode).</summary>
    public bool UrlEncodePartitioning { get; init; }

    /// <summary>Whether the meta columns are filled; false: "virtual keys", computed from the data columns at each read, without time travel by row or incremental reads; default true (hoodie.populate.meta.fields).</summary>
    public bool PopulateMetaFields { get; init; } = true;

    /// <summary>What writes log of their changes for queries of changes (CDC); null: nothing; default null (hoodie.table.cdc.enabled, hoodie.table.cdc.supplemental.logging.mode).</summary>
    public CdcLogging? CdcLogging { get; init; }

    /// <summary>The index that writes use when they name none; default <see cref="IndexType.Simple"/> (kept as hoodie.index.type, which other engines ignore in a table's properties).</summary>
    public IndexType? Index { get; init; }

    /// <summary>Further properties by Hudi's own names, for example hoodie.keygen.timebased.timestamp.type, hoodie.bucket.index.num.buckets or hoodie.table.partial.update.mode; one that this engine does not know is refused.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
