using System.Text;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Writes one base file: marker first, then row groups, which are made side by side by worker threads and appended in the order they were asked for, then the footer with
/// Hudi's entries (HoodieAvroWriteSupport). What is disposed without <see cref="CompleteAsync"/> leaves no file.
/// </summary>
internal sealed class BaseFileWriter : IAsyncDisposable
{
    public const string BloomKey = "org.apache.hudi.bloomfilter";
    public const string BloomTypeKey = "hoodie_bloom_filter_type_code";
    public const string MinKey = "hoodie_min_record_key";
    public const string MaxKey = "hoodie_max_record_key";
    private readonly BaseFileContext context;
    private readonly ObjectWriter target;
    private readonly FileMarker marker;
    private readonly ParquetFileWriter parquet;
    private readonly Queue<(Task<IReadOnlyList<MadeRowGroup>> Groups, bool HasSlot)> underWay = new();

    private BaseFileWriter(BaseFileContext context, string partitionPath, string fileId, int task, string fileName, ObjectWriter target, FileMarker marker)
    {
        this.context = context;
        this.marker = marker;
        this.target = target;
        PartitionPath = partitionPath;
        FileId = fileId;
        Task = task;
        FileName = fileName;
        parquet = new ParquetFileWriter(target.Stream, context.Output, context.Settings.Parquet);
        Constants = new Dictionary<string, string?> { [MetaColumns.FileName] = fileName };
        if (!context.PopulateMetaFields)
        {
            foreach (var column in MetaColumns.Names.Where(n => n != MetaColumns.FileName))
            {
                Constants[column] = null;
            }
        }
    }

    public string PartitionPath { get; }

    public string FileId { get; }

    public string FileName { get; }

    /// <summary>Relative to the table's root.</summary>
    public string Path => PartitionPath.Length == 0 ? FileName : PartitionPath + "/" + FileName;

    /// <summary>Number of the file within its write.</summary>
    public int Task { get; }

    /// <summary>Rows appended so far.</summary>
    public long Rows => parquet.Rows;

    /// <summary>Bytes appended so far.</summary>
    public long Length => parquet.Length;

    public ParquetOutputSchema Schema => parquet.Schema;

    /// <summary>What the file's footer says of the columns that the write keeps statistics of.</summary>
    public IReadOnlyList<ColumnBounds> Statistics => FooterBounds.Of(parquet.Footer, context.StatisticsColumns);

    /// <summary>The meta columns that are one value in every row of this file.</summary>
    public Dictionary<string, string?> Constants { get; }

    public static async ValueTask<BaseFileWriter> CreateAsync(BaseFileContext context, string partitionPath, string fileId, MarkerType type, CancellationToken cancellationToken)
    {
        var task = context.NextTask();
        var fileName = FileNames.MakeBaseFile(context.Instant, FileNames.MakeWriteToken(task, 0, 0), fileId);
        var marker = new FileMarker(context, partitionPath, fileName, type);
        await Requests.BothAsync(
            context.Store,
            async () =>
            {
                await marker.CreateAsync(cancellationToken);
                return true;
            },
            async () =>
            {
                await context.Partitions.EnsureAsync(partitionPath, cancellationToken);
                return true;
            });
        var path = partitionPath.Length == 0 ? fileName : partitionPath + "/" + fileName;
        context.Begun.Add(path);
        var target = await context.Store.CreateAsync(path, Durability.Deferred, cancellationToken);
        return new BaseFileWriter(context, partitionPath, fileId, task, fileName, target, marker);
    }

    /// <summary>An encoder of a row group of this file; for worker threads.</summary>
    public RowGroupEncoder NewRowGroup(long rows) => new(parquet.Schema, parquet.Options, rows);

    /// <summary>Has a worker thread make the next row groups; waits while as many are in memory as the write may hold.</summary>
    public async ValueTask AddAsync(Func<Task<IReadOnlyList<MadeRowGroup>>> make, CancellationToken cancellationToken)
    {
        await TakeSlotAsync(cancellationToken);
        underWay.Enqueue((System.Threading.Tasks.Task.Run(make, cancellationToken), HasSlot: true));
    }

    /// <summary>Appends a row group of another file byte for byte, but for the meta columns that are constant.</summary>
    public async ValueTask CopyAsync(RowGroupSource source, CancellationToken cancellationToken)
    {
        IReadOnlyList<MadeRowGroup> copy = [new MadeRowGroup(null, source)];
        underWay.Enqueue((System.Threading.Tasks.Task.FromResult(copy), HasSlot: false));
        await AppendReadyAsync(cancellationToken);
    }

    /// <summary>Waits until all row groups asked for are in the file.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (underWay.Count > 0)
        {
            await AppendFirstAsync(cancellationToken);
        }
    }

    /// <summary>Waits for the first row group under way and appends it; false where there is none.</summary>
    public async ValueTask<bool> AppendOneAsync(CancellationToken cancellationToken)
    {
        if (underWay.Count == 0)
        {
            return false;
        }

        await AppendFirstAsync(cancellationToken);
        return true;
    }

    /// <summary>Appends what is ready, without waiting.</summary>
    public async ValueTask AppendReadyAsync(CancellationToken cancellationToken)
    {
        while (underWay.TryPeek(out var first) && first.Groups.IsCompleted)
        {
            await AppendFirstAsync(cancellationToken);
        }
    }

    /// <summary>Writes the footer and makes the file visible.</summary>
    /// <returns>Its length in bytes.</returns>
    public async ValueTask<long> CompleteAsync(BloomFilter? bloom, KeyRange keys, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        parquet.SetKeyValue("parquet.avro.schema", context.Schema.ToAvroJson(withMetaColumns: true));
        parquet.SetKeyValue("writer.model.name", "avro");
        if (bloom is not null && context.PopulateMetaFields)
        {
            parquet.SetKeyValue(BloomKey, bloom.SerializeUtf8());
            if (bloom.TypeCode != BloomFilter.Simple)
            {
                parquet.SetKeyValue(BloomTypeKey, bloom.TypeCode);
            }

            if (!keys.IsEmpty)
            {
                parquet.SetKeyValue(MinKey, Encoding.UTF8.GetString(keys.Min));
                parquet.SetKeyValue(MaxKey, Encoding.UTF8.GetString(keys.Max));
            }
        }

        await parquet.CloseAsync(cancellationToken);
        await marker.RenewAsync(cancellationToken);
        return await target.CompleteAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        while (underWay.TryDequeue(out var next))
        {
            try
            {
                foreach (var group in await next.Groups)
                {
                    group.Encoded?.Dispose();
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The write has failed already, for this reason or another; this one's memory is all that is left to give back.
            }

            GiveBack(next.HasSlot);
        }

        await target.DisposeAsync();
    }

    // A file that holds slots never waits for one: it appends its own first row group instead, which frees one. So files side by side, each with a task, cannot block each other.
    private async ValueTask TakeSlotAsync(CancellationToken cancellationToken)
    {
        await AppendReadyAsync(cancellationToken);
        while (!context.Slots.Wait(0, cancellationToken))
        {
            if (underWay.Count > 0)
            {
                await AppendFirstAsync(cancellationToken);
            }
            else if (context.FreeIdleSlot is not { } free || !await free(cancellationToken))
            {
                await context.Slots.WaitAsync(cancellationToken);
                return;
            }
        }
    }

    private async ValueTask AppendFirstAsync(CancellationToken cancellationToken)
    {
        var (groups, hasSlot) = underWay.Peek();
        IReadOnlyList<MadeRowGroup> made;
        try
        {
            made = await groups;
        }
        catch
        {
            _ = underWay.Dequeue();
            GiveBack(hasSlot);
            throw;
        }

        _ = underWay.Dequeue();
        var before = parquet.Rows;
        try
        {
            foreach (var group in made)
            {
                await (group.Encoded is { } encoded
                    ? parquet.AppendAsync(encoded, group.Rest, cancellationToken)
                    : parquet.CopyRowGroupAsync(group.Rest!.Value, Constants, cancellationToken));
            }
        }
        finally
        {
            foreach (var group in made)
            {
                group.Encoded?.Dispose();
            }

            GiveBack(hasSlot);
        }

        context.Settings.Progress?.AddWritten(parquet.Rows - before);
    }

    private void GiveBack(bool slot)
    {
        if (slot)
        {
            context.Slots.Release();
        }
    }
}
