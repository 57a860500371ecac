namespace OllaLab.Lakehouse;

/// <summary>Resources and habits of one open table. Nothing here is stored in the table.</summary>
public sealed class LakehouseOptions
{
    private readonly long memoryBudget = 256L << 20;

    /// <summary>Memory that a write may hold for rows, keys and encoded row groups, in bytes; past it, rows are spilled to <see cref="SpillFolder"/>. At least 16 MiB; default 256 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 16 MiB.</exception>
    public long MemoryBudget
    {
        get => ExactMemoryBudget ?? memoryBudget;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16L << 20);
            memoryBudget = value;
        }
    }

    /// <summary>A budget below the least that users may set: for tests that must meet every spill with few rows.</summary>
    internal long? ExactMemoryBudget { get; init; }

    /// <summary>Threads that one read or write may use, 1 to 256; default: the processors of this machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 1 to 256.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            field = value;
        }
    } = Math.Max(1, System.Environment.ProcessorCount);

    /// <summary>An existing folder on the local disk for spill files, which are deleted after use; default: the system's temporary folder.</summary>
    public string? SpillFolder { get; init; }

    /// <summary>The library that reads Parquet files; default <see cref="ParquetReader.Native"/>.</summary>
    public ParquetReader ParquetReader { get; init; } = ParquetReader.Native;

    /// <summary>
    /// Whether partitions and files are learned from the table's metadata table, where it has one, rather than by listing folders; default true (hoodie.metadata.enable of readers). False also
    /// reads a table whose metadata table is missing or damaged.
    /// </summary>
    public bool UseMetadataTable { get; init; } = true;

    /// <summary>Merge rules for tables whose merge mode is CUSTOM, found by the strategy id that the table names; default: none.</summary>
    public IReadOnlyList<IRecordMerger> RecordMergers { get; init; } = [];

    /// <summary>Clock and identifiers; default: the system's.</summary>
    public LakehouseEnvironment Environment { get; init; } = LakehouseEnvironment.System;

    /// <summary>Other writers of the table, and the lock that is shared with them; default: there are none.</summary>
    public ConcurrencyOptions Concurrency { get; init; } = new();

    /// <summary>What every write of this table uses where its own <see cref="WriteOptions"/> are not given.</summary>
    public WriteOptions Write { get; init; } = new();
}
