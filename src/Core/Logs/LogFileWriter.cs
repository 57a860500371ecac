using System.Buffers.Binary;
using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// Writes one log file, block after block (HoodieLogFormatWriter). The file appears when it is completed, so that readers never meet half a block; what is disposed before that
/// leaves nothing. Header entries are written in the order of their numbers, which readers must not depend on: Java's order is that of a hash map.
/// </summary>
internal sealed class LogFileWriter : IAsyncDisposable
{
    private readonly ObjectWriter _target;

    private LogFileWriter(ObjectWriter target) => _target = target;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    public static async ValueTask<LogFileWriter> CreateAsync(IObjectStore store, string path, CancellationToken cancellationToken) =>
        new(await store.CreateAsync(path, Durability.Deferred, cancellationToken).ConfigureAwait(false));

    /// <summary>Appends rows as one block.</summary>
    /// <param name="type">Avro, Parquet or CDC data.</param>
    /// <param name="rows">The schema's columns in any order, meta columns too where it is to have them; dictionary-encoded ones are decoded.</param>
    /// <param name="schema">The columns to write. With meta columns if the rows have them, unless <paramref name="headers"/> gives the schema word for word.</param>
    /// <param name="headers">At least the instant time.</param>
    /// <exception cref="LakehouseException">InvalidInput: a column of the schema is missing or has another type, a null where none may be, or more than 2 GiB.</exception>
    public async ValueTask AppendRowsAsync(
        LogBlockType type, RecordBatch rows, TableSchema schema, IReadOnlyDictionary<LogHeader, string> headers, CancellationToken cancellationToken)
    {
        var hasMeta = rows.Schema.FieldsList.Any(f => f.Name == MetaColumns.RecordKey);
        var json = headers.GetValueOrDefault(LogHeader.Schema) ?? schema.ToAvroJson(hasMeta);
        var all = new Dictionary<LogHeader, string>(headers) { [LogHeader.Schema] = json };
        switch (type)
        {
            case LogBlockType.AvroData or LogBlockType.CdcData:
                using (var content = new AvroOutput())
                {
                    AvroBlock.Write(content, AvroTypeParser.Parse(AvroTypeParser.Json(json)), rows);
                    await AppendAsync(type, all, content.Written, cancellationToken).ConfigureAwait(false);
                }

                break;
            case LogBlockType.ParquetData:
                var file = new MemoryStream();
                await ParquetBlock.WriteAsync(file, json, rows, cancellationToken).ConfigureAwait(false);
                await AppendAsync(type, all, file.GetBuffer().AsMemory(0, (int)file.Length), cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "No block of rows that is written.");
        }
    }

    /// <summary>Appends deletes as one block.</summary>
    /// <param name="keys">None for the block that a metadata table's file group begins with.</param>
    /// <param name="partitionPath">That of all the keys.</param>
    /// <param name="orderingColumns">
    /// The values of the ordering fields, as many rows as keys; null where the deletes apply to all that was written before them. A row whose values are all null does so too.
    /// </param>
    /// <param name="headers">At least the instant time; the schema too in tables of data.</param>
    /// <exception cref="LakehouseException">Unsupported: an ordering value that delete blocks have no form for.</exception>
    public async ValueTask AppendDeletesAsync(
        StringArray keys, string partitionPath, IReadOnlyList<IArrowArray>? orderingColumns, IReadOnlyDictionary<LogHeader, string> headers, CancellationToken cancellationToken)
    {
        using var content = new AvroOutput();
        DeleteBlock.Write(content, keys, partitionPath, orderingColumns ?? []);
        await AppendAsync(LogBlockType.Delete, headers, content.Written, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends records that are encoded already as one Avro block, as archives of version 6 tables have their entries.</summary>
    /// <param name="records">By the schema that the header gives.</param>
    /// <param name="headers">The schema.</param>
    public async ValueTask AppendRecordsAsync(IReadOnlyList<byte[]> records, IReadOnlyDictionary<LogHeader, string> headers, CancellationToken cancellationToken)
    {
        using var content = new AvroOutput();
        content.WriteInt32BigEndian(LogFormat.ContentVersion);
        content.WriteInt32BigEndian(records.Count);
        foreach (var record in records)
        {
            content.WriteInt32BigEndian(record.Length);
            content.WriteFixed(record);
        }

        await AppendAsync(LogBlockType.AvroData, headers, content.Written, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends an HFile as one block, as metadata tables have their records.</summary>
    /// <param name="content">The whole file (see <see cref="HFiles.HFileWriter"/>), with the schema that the header gives.</param>
    /// <param name="headers">The instant time and the schema.</param>
    public ValueTask AppendHFileAsync(ReadOnlyMemory<byte> content, IReadOnlyDictionary<LogHeader, string> headers, CancellationToken cancellationToken) =>
        AppendAsync(LogBlockType.HFileData, headers, content, cancellationToken);

    /// <summary>Appends the command to roll back all blocks that an instant wrote before. Only tables of versions below 8 are rolled back so.</summary>
    /// <param name="instant">The requested time of the rollback.</param>
    /// <param name="target">The instant that is rolled back.</param>
    public ValueTask AppendRollbackAsync(string instant, string target, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<LogHeader, string>
        {
            [LogHeader.InstantTime] = instant,
            [LogHeader.TargetInstantTime] = target,
            [LogHeader.CommandBlockType] = LogFormat.RollbackCommand,
        };
        return AppendAsync(LogBlockType.Command, headers, default, cancellationToken);
    }

    /// <summary>Makes the file visible.</summary>
    /// <returns>Its length in bytes.</returns>
    public ValueTask<long> CompleteAsync(CancellationToken cancellationToken) => _target.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    private async ValueTask AppendAsync(LogBlockType type, IReadOnlyDictionary<LogHeader, string> headers, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var head = new AvroOutput();
        LogFormat.Magic.CopyTo(head.Reserve(LogFormat.MagicLength));
        int size = head.Length;
        head.Reserve(sizeof(long));
        head.WriteInt32BigEndian(LogFormat.Version);
        head.WriteInt32BigEndian((int)type);
        head.WriteInt32BigEndian(headers.Count);
        foreach (var (key, value) in headers.OrderBy(entry => entry.Key))
        {
            var text = Encoding.UTF8.GetBytes(value);
            head.WriteInt32BigEndian((int)key);
            head.WriteInt32BigEndian(text.Length);
            head.WriteFixed(text);
        }

        BinaryPrimitives.WriteInt64BigEndian(head.Reserve(sizeof(long)), content.Length);
        long total = head.Length + (long)content.Length + sizeof(int) + sizeof(long);
        if (total > int.MaxValue)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A log block would have {total} bytes, and Hudi reads none of 2 GiB and more", remedy: "Write fewer rows at a time");
        }

        head.SetInt64BigEndian(size, total - LogFormat.PrefixLength);
        using var tail = new AvroOutput();
        tail.WriteInt32BigEndian(0);
        BinaryPrimitives.WriteInt64BigEndian(tail.Reserve(sizeof(long)), total - sizeof(long));
        await _target.Stream.WriteAsync(head.Written, cancellationToken).ConfigureAwait(false);
        await _target.Stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        await _target.Stream.WriteAsync(tail.Written, cancellationToken).ConfigureAwait(false);
        Length += total;
    }
}
