using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>How one write does its work: the table's rules and the caller's options brought together.</summary>
internal sealed class WritePlan
{
    /// <summary>Rows of a batch on its way through a write.</summary>
    public const int BatchRows = 16_384;

    private WritePlan(TableSchema schema, TableSchema input, IKeyGenerator keys, MergeRule rule, TableIndex index, WriteOperation operation, WriteOptions options, LakehouseOptions resources)
    {
        Schema = schema;
        Input = input;
        Keys = keys;
        Rule = rule;
        Duplicates = rule.Duplicates;
        Index = index;
        Operation = operation;
        Options = options;
        Resources = resources;
    }

    /// <summary>The table's columns.</summary>
    public TableSchema Schema { get; }

    /// <summary>The columns that the input is read for: for a delete only those that make the key and partition.</summary>
    public TableSchema Input { get; }

    public IKeyGenerator Keys { get; }

    public MergeRule Rule { get; }

    /// <summary>How rows of one key in the input are merged.</summary>
    public MergeRule Duplicates { get; }

    public TableIndex Index { get; }

    public WriteOperation Operation { get; }

    public WriteOptions Options { get; }

    public LakehouseOptions Resources { get; }

    public PartitionPaths Partitions { get; private init; } = new();

    /// <summary>Rows of the input so far.</summary>
    public long InputRows { get; private set; }

    public bool KeyDeletes => Operation == WriteOperation.Delete;

    /// <summary>Whether rows of one key in the input are merged.</summary>
    public bool Combines => Operation is WriteOperation.Upsert or WriteOperation.Delete || Options.CombineBeforeInsert;

    public required StoredRows Stored { get; init; }

    /// <summary>Whether changes of stored rows are logged instead of rewriting the base files.</summary>
    public required bool Logs { get; init; }

    /// <summary>Whether the rows take the place of what is stored, of their partitions or of the table.</summary>
    public bool Overwrites => Operation is WriteOperation.InsertOverwrite or WriteOperation.InsertOverwriteTable;

    /// <summary>The partitions that an insert overwrite takes the place of whatever rows it has; null: those that its rows belong to.</summary>
    public IReadOnlyList<string>? StaticPartitions => Operation == WriteOperation.InsertOverwrite && Options.Properties.GetValueOrDefault(OverwrittenFileGroups.StaticPathsOption) is { Length: > 0 } paths ? paths.Split(',') : null;

    /// <summary>Whether there is something to commit without rows, too.</summary>
    public bool OverwritesAnyway => Operation == WriteOperation.InsertOverwriteTable || StaticPartitions is not null;

    /// <summary>Whether all rows go to new file groups: with a bucket index they go to their buckets.</summary>
    public bool Bulk => (Overwrites || Operation == WriteOperation.BulkInsert) && Index.Buckets is null;

    /// <summary>The action that the write is on the timeline: Hudi's bulk insert is a commit in tables of both types (since 1.1), but for buckets.</summary>
    public string Action => Overwrites ? Actions.ReplaceCommit : Logs && !Bulk ? Actions.DeltaCommit : Actions.Commit;

    /// <summary>Whether the write only logs, and lets others log to the same file groups meanwhile.</summary>
    public bool IsNonBlocking => Resources.Concurrency.Mode == WriteConcurrencyMode.NonBlockingConcurrencyControl;

    /// <summary>Whether stored rows are looked for.</summary>
    public bool Tags => Operation is WriteOperation.Upsert or WriteOperation.Delete;

    // Shares of the memory option: rows staged, rows routed, the rest for row groups under way and reading.
    public long StagingMemory => Resources.MemoryBudget * 3 / 8;

    public long RoutingMemory => Resources.MemoryBudget / 4;

    /// <summary>Arrow bytes of one row group under way.</summary>
    public long RowGroupMemory => FileLayout.RowGroupMemory(Resources);

    public IParquetFormat Format => ParquetFormats.Of(Resources.ParquetReader);

    public static async ValueTask<WritePlan> CreateAsync(
        TableState state, TableSchema schema, WriteOperation operation, WriteOptions options, LakehouseOptions resources, CancellationToken cancellationToken, PartitionPaths? partitions = null)
    {
        var config = state.Config;
        if (config.RecordKeyFields.Length == 0 && operation is (WriteOperation.Upsert or WriteOperation.Delete))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"The table has no key columns, so rows cannot be {(operation == WriteOperation.Delete ? "deleted" : "upserted")} by key", config.Root, remedy: "Use insert or bulk_insert, or create the table with key columns");
        }

        var auto = new AutoKeys(state.Client.NewInstantTime(state.Timeline), System.Math.Abs(resources.Environment.NewGuid().GetHashCode() % 1_000_000));
        var properties = options.Properties;
        if (config.PopulateMetaFields && ComplexKeyEncoding.IsAmbiguous(config) && await StoredFiles.FindBareKeysAsync(state, cancellationToken) is { } bare)
        {
            properties = new Dictionary<string, string>(properties) { [KeyGeneratorSettings.ComplexNewEncodingOption] = bare ? "true" : "false" };
        }

        var keys = KeyGeneratorFactory.Create(config, schema, properties, auto);
        var input = operation == WriteOperation.Delete
            ? TableSchema.FromArrow(new Schema([.. schema.Arrow.FieldsList.Where(f => keys.Columns.Contains(f.Name))], null), config.TableName)
            : schema;
        var settings = new IndexSettings(state.Store, ParquetFormats.Of(resources.ParquetReader)) { Parallelism = resources.Threads, VirtualKeys = config.PopulateMetaFields ? null : keys };
        var rule = MergeRule.Create(config, properties, resources.RecordMergers);
        rule.RequireWritable(config);
        var stored = new StoredRows(state, schema, rule, settings.Format, resources);
        var index = await TableIndex.CreateAsync(state, stored, settings, options, cancellationToken);
        if (index.IsGlobal && !rule.Rewriting.KeepsWholeRows)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "A global index moves whole rows between partitions, and the table's merge mode makes new rows of two", config.Root, remedy: "Write with an index that is not global");
        }

        if (resources.Concurrency.Mode == WriteConcurrencyMode.NonBlockingConcurrencyControl
            && (config.Type != TableType.MergeOnRead || index.Buckets is not BucketIndex || !state.Client.Layout.OrdersByCompletion || config.CdcLogging is not null))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput,
                "Writers that do not block one another need a merge-on-read table of version 8 or later with a bucket index of the simple kind and without change data logs",
                config.Root,
                remedy: "Use hoodie.write.concurrency.mode=optimistic_concurrency_control");
        }

        return new WritePlan(schema, input, keys, rule, index, operation, options, resources) { Logs = config.Type == TableType.MergeOnRead, Stored = stored, Partitions = partitions ?? new() };
    }

    /// <summary>The input, cast to the table's schema, with keys and partition ordinals.</summary>
    public async IAsyncEnumerable<StagedBatch> StageAsync(IAsyncEnumerable<RecordBatch> input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        InputCast? cast = null;
        Schema? castFrom = null;
        await foreach (var batch in input.WithCancellation(cancellationToken))
        {
            if (batch.Length == 0)
            {
                continue;
            }

            var (rows, gone) = SplitGone(batch);
            var wanted = KeyDeletes ? KeyColumns(rows) : rows;
            if (cast is null || !ReferenceEquals(castFrom, batch.Schema))
            {
                cast = InputCast.Create(wanted.Schema, Input);
                castFrom = batch.Schema;
            }

            var data = cast.Apply(wanted, InputRows);
            var generated = Keys.Generate(data, InputRows);
            if (Operation == WriteOperation.Upsert)
            {
                // Refuses rows without an ordering value while their row numbers are known.
                Rule.Bind(data, requireOrdering: true, InputRows);
            }

            var codes = generated.PartitionPaths.Select(Partitions.Ordinal).ToArray();
            var partitions = new int[batch.Length];
            for (var i = 0; i < partitions.Length; i++)
            {
                partitions[i] = codes[generated.PartitionCodes[i]];
            }

            if (StaticPartitions is { } named && generated.PartitionPaths.FirstOrDefault(p => !named.Contains(p)) is { } other)
            {
                // Hudi's INSERT OVERWRITE ... PARTITION gives all rows the partition that it names.
                throw new LakehouseException(
                    LakehouseErrorKind.InvalidInput, $"A row of partition '{other}' is not of those that are overwritten ({OverwrittenFileGroups.StaticPathsOption})", remedy: "Leave the row out, or name its partition");
            }

            InputRows += batch.Length;
            Options.Progress?.AddRead(batch.Length);
            var staged = new StagedBatch(data, generated.RecordKeys, partitions, []) { Gone = gone };
            if (WithoutDeletes(staged) is { Length: > 0 } stay)
            {
                yield return stay;
            }
        }
    }

    public BaseFileContext CreateContext(TableState state, string instant) =>
        new(state.Store, state.Config, Schema, instant, Format, FileLayout.Of(Options, Resources), Resources.Environment, FileLayout.LogsOf(Options))
        {
            StatisticsColumns = StatisticsColumns,
            Markers = new Markers(state.Store, instant, Resources.Concurrency.EarlyConflictDetection ? new EarlyConflicts(state.Client, instant) : null),
        };

    /// <summary>The same write on the table as it is now, for input that was staged before.</summary>
    public async ValueTask<WritePlan> AgainAsync(TableState state, CancellationToken cancellationToken)
    {
        var again = await CreateAsync(state, await state.GetSchemaAsync(cancellationToken: cancellationToken), Operation, Options, Resources, cancellationToken, Partitions);
        again.InputRows = InputRows;
        return again.Schema.ToAvroJson(withMetaColumns: false) == Schema.ToAvroJson(withMetaColumns: false)
            ? again
            : throw new LakehouseException(LakehouseErrorKind.Conflict, "The table's schema was changed by another writer meanwhile", state.Store.Root, remedy: "Repeat the write");
    }

    /// <summary>Tells whoever looks on what comes next.</summary>
    public void Enter(WriteStage stage)
    {
        if (Options.Progress is { } progress)
        {
            progress.Stage = stage;
        }
    }

    /// <summary>The columns that the metadata table has statistics of.</summary>
    public IReadOnlyList<string> StatisticsColumns { get; set; } = [];

    /// <summary>How the metadata table's writer looks into the files of the write.</summary>
    public MetadataSource MetadataSource => new(Schema, Format) { Merging = new MergeSettings(Rule, Resources.MemoryBudget / 8, Resources.SpillFolder) };

    /// <summary>What the commit says.</summary>
    /// <param name="files">What was written.</param>
    /// <param name="replaced">The file groups that the write takes the place of.</param>
    public CommitMetadata ToMetadata(IReadOnlyList<WrittenFile> files, OverwrittenFileGroups replaced) => new()
    {
        PartitionToReplaceFileIds = Overwrites ? replaced.FileIds : null,
        PartitionToWriteStats = files.GroupBy(f => f.PartitionPath).ToDictionary(g => g.Key, g => (IReadOnlyList<WriteStat>)[.. g.Select(f => f.Stat)]),
        ExtraMetadata = new Dictionary<string, string>(Options.ExtraMetadata) { [CommitMetadata.SchemaKey] = Schema.ToAvroJson(withMetaColumns: false) },
        OperationType = OperationName,
    };

    public string OperationName => Operation switch
    {
        WriteOperation.Upsert => WriteOperations.Upsert,
        WriteOperation.Insert => WriteOperations.Insert,
        WriteOperation.Delete => WriteOperations.Delete,
        WriteOperation.InsertOverwrite => WriteOperations.InsertOverwrite,
        WriteOperation.InsertOverwriteTable => WriteOperations.InsertOverwriteTable,
        _ => WriteOperations.BulkInsert,
    };

    // An insert stores no rows that are marked as deletes (HoodieCreateHandle); where rows of one key are merged first, the row that stays decides.
    private StagedBatch WithoutDeletes(StagedBatch staged)
    {
        if (Combines)
        {
            return staged;
        }

        var merge = Rule.Bind(staged.Data, requireOrdering: false);
        if (!merge.HasDeletes)
        {
            return staged;
        }

        int[] stay = [.. Enumerable.Range(0, staged.Length).Where(i => !merge.IsDelete(i))];
        return new StagedBatch(Kernels.Take(staged.Data, stay), (StringArray)Kernels.Take(staged.Keys, stay), [.. stay.Select(i => staged.Partitions[i])], []);
    }

    private static (RecordBatch Rows, bool[]? Gone) SplitGone(RecordBatch batch)
    {
        var at = batch.Schema.GetFieldIndex(StagedBatch.GoneColumn);
        return at < 0
            ? (batch, null)
            : (new RecordBatch(new Schema(batch.Schema.FieldsList.Where((_, i) => i != at), null), batch.Arrays.Where((_, i) => i != at), batch.Length), [.. ((BooleanArray)batch.Column(at)).Select(g => g == true)]);
    }

    /// <summary>Of rows that are put in, the columns that make key and partition.</summary>
    public RecordBatch KeyColumns(RecordBatch batch)
    {
        var chosen = Enumerable.Range(0, batch.ColumnCount).Where(i => Keys.Columns.Contains(batch.Schema.GetFieldByIndex(i).Name)).ToList();
        return new RecordBatch(new Schema([.. chosen.Select(batch.Schema.GetFieldByIndex)], null), chosen.Select(batch.Column), batch.Length);
    }
}
