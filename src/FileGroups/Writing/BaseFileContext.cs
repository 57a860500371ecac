using System.Collections.Concurrent;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What all base and log files of one write share.</summary>
internal sealed class BaseFileContext : IDisposable
{
    private int files;
    private ChangeDataSchema? changeData;

    public BaseFileContext(IObjectStore store, TableConfig config, TableSchema schema, string instant, IParquetFormat format, BaseFileSettings settings, LakehouseEnvironment environment, LogFileSettings? logs = null)
    {
        Config = config;
        Logs = logs ?? new LogFileSettings();
        Store = store;
        Schema = schema;
        Instant = instant;
        Format = format;
        Settings = settings;
        Environment = environment;
        PopulateMetaFields = config.PopulateMetaFields;
        Markers = new Markers(store, instant);
        Partitions = new PartitionMetadata(store, instant, environment.Clock);
        Output = BaseFileSchema.Of(schema);
        UnchangedColumns = Unchanged(config, schema);
        Slots = new SemaphoreSlim(settings.Threads + 1);
    }

    public IObjectStore Store { get; }

    public TableConfig Config { get; }

    public LogFileSettings Logs { get; }

    public TableSchema Schema { get; }

    /// <summary>Requested time of the write.</summary>
    public string Instant { get; }

    public IParquetFormat Format { get; }

    public BaseFileSettings Settings { get; }

    public LakehouseEnvironment Environment { get; }

    /// <summary>The columns whose values a delete record carries.</summary>
    public IReadOnlyList<string> OrderingFields => Config.OrderingFields;

    /// <summary>The columns, dotted where nested, of which each file written is to have statistics (<see cref="WrittenFile.Statistics"/>).</summary>
    public IReadOnlyList<string> StatisticsColumns { get; init; } = [];

    /// <summary>The same for log files: none where a merge makes a row of columns of several versions, which files looked at one by one cannot rule out.</summary>
    public IReadOnlyList<string> LogStatisticsColumns => Config.MergeMode is MergeMode.CommitTime or MergeMode.EventTime && Config.PartialUpdateMode == PartialUpdateMode.None ? StatisticsColumns : [];

    /// <summary>False: the meta columns stay null, but for the file's name (hoodie.populate.meta.fields).</summary>
    public bool PopulateMetaFields { get; }

    public Markers Markers { get; init; }

    public PartitionMetadata Partitions { get; }

    /// <summary>The columns of logged changes; made when a first file is rewritten.</summary>
    public ChangeDataSchema ChangeDataSchemaOf(CdcLogging mode) => LazyInitializer.EnsureInitialized(ref changeData, () => ChangeDataSchema.Of(Schema, mode))!;

    /// <summary>The meta columns and the table's columns, as written.</summary>
    public ParquetOutputSchema Output { get; }

    /// <summary>Columns that an update of a row leaves as they are: the record key, and the one text column that it is taken from.</summary>
    public IReadOnlyCollection<string> UnchangedColumns { get; }

    /// <summary>One for each row group in memory, which bounds the memory of a write.</summary>
    public SemaphoreSlim Slots { get; }

    /// <summary>
    /// Frees a slot that a file holds which nobody is working on, and whether there was one; null where every open file has its own task. Without it a writer of many files at once would
    /// wait for itself.
    /// </summary>
    public Func<CancellationToken, ValueTask<bool>>? FreeIdleSlot { get; set; }

    /// <summary>Bytes that a row took in the last file that was finished; null before.</summary>
    public double? BytesPerRow { get; set; }

    /// <summary>Paths of all data files that this write began, finished or not.</summary>
    public ConcurrentBag<string> Begun { get; } = [];

    /// <summary>Number of the next file of this write: the task in its write token and in its rows' sequence numbers.</summary>
    public int NextTask() => Interlocked.Increment(ref files) - 1;

    public void Dispose() => Slots.Dispose();

    private static string[] Unchanged(TableConfig config, TableSchema schema)
    {
        if (!config.PopulateMetaFields)
        {
            return [];
        }

        var simple = config.RecordKeyFields is [var field]
            && config.KeyGeneratorType is KeyGeneratorType.Simple or KeyGeneratorType.NonPartitioned or KeyGeneratorType.Timestamp
            && schema.Arrow.FieldsList.Any(f => f.Name == field && f.DataType is Apache.Arrow.Types.StringType);
        return simple ? [MetaColumns.RecordKey, config.RecordKeyFields[0]] : [MetaColumns.RecordKey];
    }
}
