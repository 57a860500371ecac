namespace OllaLab.Lakehouse;

/// <summary>How one write lays out its files. Sizes are bytes; each default is Hudi's own unless said.</summary>
public sealed class WriteOptions
{
    private readonly long maxFileSize = 120L << 20;
    private readonly int rowGroupRows = 122_880;

    /// <summary>The index that finds stored keys; default: the table's own setting (given at its creation), else <see cref="IndexType.Simple"/> (hoodie.index.type).</summary>
    public IndexType? Index { get; init; }

    /// <summary>
    /// Whether the first batch may change the table's columns: new ones are added behind the others, nullable, nested ones too; <c>int</c>, <c>long</c>, <c>float</c>, <c>double</c> become the
    /// input's wider type, or text, decimals wider ones. Default false: rows fit the table's columns or are refused. (Hudi's writers always change them so.)
    /// </summary>
    public bool EvolveSchema { get; init; }

    /// <summary>A base file that has reached this size is closed and a new file group begun; at least 1 MiB; default 120 MiB (hoodie.parquet.max.file.size).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 MiB.</exception>
    public long MaxFileSize
    {
        get => ExactMaxFileSize ?? maxFileSize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1L << 20);
            maxFileSize = value;
        }
    }

    /// <summary>Inserts go first to base files smaller than this; 0: never; default 100 MiB (hoodie.parquet.small.file.limit).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long SmallFileLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 100L << 20;

    /// <summary>Rows of a full row group, 1 000 to 10 000 000; default 122 880, DuckDB's (Hudi sizes row groups by bytes). A merge copies untouched row groups byte for byte, so smaller ones make small changes cheaper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int RowGroupRows
    {
        get => ExactRowGroupRows ?? rowGroupRows;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1_000);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000_000);
            rowGroupRows = value;
        }
    }

    /// <summary>Compression of new files; default <see cref="CompressionCodec.Snappy"/> (hoodie.parquet.compression.codec; Hudi's default is gzip).</summary>
    public CompressionCodec Codec { get; init; } = CompressionCodec.Snappy;

    /// <summary>Kind of bloom filter in the footer; default <see cref="BloomFilterType.Dynamic"/> (hoodie.bloom.index.filter.type).</summary>
    public BloomFilterType BloomFilter { get; init; } = BloomFilterType.Dynamic;

    /// <summary>
    /// Keys that a file's bloom filter is made for at least; a larger file gets a filter for its own number of keys; 1 to 100 000 000; default 1 000 (hoodie.index.bloom.num_entries;
    /// Hudi's default of 60 000 is 430 kB in each file, however small).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int BloomEntries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100_000_000);
            field = value;
        }
    } = 1_000;

    /// <summary>Share of absent keys that the bloom filter lets through, above 0 and below 1; default 1e-9 (hoodie.index.bloom.fpp).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public double BloomFalsePositives
    {
        get;
        init
        {
            if (!(value > 0 && value < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Must be above 0 and below 1.");
            }

            field = value;
        }
    } = 1e-9;

    /// <summary>Order of rows in a bulk insert; default <see cref="BulkInsertSort.None"/> (hoodie.bulkinsert.sort.mode).</summary>
    public BulkInsertSort BulkInsertSort { get; init; } = BulkInsertSort.None;

    /// <summary>Whether an insert or bulk insert merges rows of one key within its input, as an upsert always does; default false (hoodie.combine.before.insert).</summary>
    public bool CombineBeforeInsert { get; init; }

    /// <summary>Whether old files are cleaned once the write is committed, where a clean is due; default true (hoodie.clean.automatic).</summary>
    public bool AutoClean { get; init; } = true;

    /// <summary>What a clean after the write keeps, and when one is due.</summary>
    public CleanOptions Clean { get; init; } = new();

    /// <summary>Whether old instants are archived once the write is committed, where there are many; default true (hoodie.archive.automatic).</summary>
    public bool AutoArchive { get; init; } = true;

    /// <summary>How much of the timeline stays active after the write.</summary>
    public ArchiveOptions Archive { get; init; } = new();

    /// <summary>Merge-on-read: what the write does about compaction once it is committed; default <see cref="InlineCompaction.None"/> (hoodie.compact.inline, hoodie.compact.schedule.inline).</summary>
    public InlineCompaction InlineCompaction { get; init; } = InlineCompaction.None;

    /// <summary>Merge-on-read: whether, once the write is committed, planned log compactions are executed and one is planned and executed when it is due; default false (hoodie.log.compaction.inline).</summary>
    public bool InlineLogCompaction { get; init; }

    /// <summary>Merge-on-read: when a compaction is due after a write, and what it takes.</summary>
    public CompactionOptions Compaction { get; init; } = new();

    /// <summary>What the write does about clustering once it is committed; default <see cref="InlineClustering.None"/> (hoodie.clustering.inline, hoodie.clustering.schedule.inline).</summary>
    public InlineClustering InlineClustering { get; init; } = InlineClustering.None;

    /// <summary>When a clustering is due after a write, and what it takes.</summary>
    public ClusteringOptions Clustering { get; init; } = new();

    /// <summary>Which partitions are deleted, because their time is over, once the write is committed; null: none; default null (hoodie.partition.ttl.inline).</summary>
    public PartitionTtlOptions? PartitionTtl { get; init; }

    /// <summary>What becomes of the write where it changes rows for which a clustering is planned; default <see cref="ClusteringUpdates.Reject"/>.</summary>
    public ClusteringUpdates ClusteringUpdates { get; init; } = ClusteringUpdates.Reject;

    /// <summary>Merge-on-read: the form of rows in log files; default <see cref="LogBlockFormat.Avro"/> (hoodie.logfile.data.block.format).</summary>
    public LogBlockFormat LogBlockFormat { get; init; } = LogBlockFormat.Avro;

    /// <summary>Merge-on-read: a log file that has reached this size is closed and another begun; at least 1 byte; default 1 GiB (hoodie.logfile.max.size).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public long MaxLogFileSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1L << 30;

    /// <summary>
    /// Merge-on-read: a block of a log file holds rows of about so many bytes at most; at least 1; default 256 MiB (hoodie.logfile.data.block.max.size). What the memory option leaves for one block
    /// bounds it as well.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public long MaxLogBlockSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 256L << 20;

    /// <summary>Merge-on-read: whether log blocks of tables of version 8 and later say which rows of the base file they change, which spares readers looking for keys; default true (hoodie.write.record.positions).</summary>
    public bool RecordPositions { get; init; } = true;

    /// <summary>
    /// Merge-on-read: how many small base files of a partition take new rows in one write; only files without logs do; default 1 (hoodie.merge.small.file.group.candidates.limit).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int SmallFilesFilled
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 1;

    /// <summary>
    /// Hudi's own options, by their names, for what a table of an older version does not store: hoodie.keygen.timebased.*, hoodie.datasource.write.partitionpath.field (with types, as in
    /// day:timestamp), hoodie.datasource.write.keygenerator.consistent.logical.timestamp.enabled, hoodie.payload.delete.field and .marker, hoodie.static.overwrite.partition.paths (the partitions that an insert overwrite takes the place of, with commas between, whatever rows it has), hoodie.write.complex.keygen.new.encoding, hoodie.index.bucket.engine, hoodie.bucket.index.num.buckets and .hash.field, hoodie.simple.index.update.partition.path and its like of
    /// the bloom index. One that
    /// is not known, or contradicts the table, is refused.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether a table's metadata table is dropped before the write (as Hudi does when hoodie.metadata.enable is false; the next write with it enabled builds it anew); default false: it is kept
    /// right.
    /// </summary>
    public bool DropMetadataTable { get; init; }

    /// <summary>The caller's own entries for the commit's metadata (a source's offsets, a job's name); the key "schema" is the engine's.</summary>
    public IReadOnlyDictionary<string, string> ExtraMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Is told how far the write is; or null.</summary>
    internal FileGroups.WriteProgress? Progress { get; init; }

    /// <summary>A size below the least that users may set: for tests that must fill files with few rows.</summary>
    internal long? ExactMaxFileSize { get; init; }

    /// <summary>Rows below the least that users may set: for tests that must fill row groups with few rows.</summary>
    internal int? ExactRowGroupRows { get; init; }
}
