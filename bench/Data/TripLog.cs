using System.Buffers.Binary;
using Apache.Arrow;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Data;

/// <summary>A log file in memory: Avro blocks of trips with the five meta columns, as a merge-on-read table writes them.</summary>
internal sealed class TripLog
{
    private readonly MemoryObjectStore store = new();
    private readonly List<LogBlock> blocks = [];
    private byte[] file = [];

    public static TableSchema Table { get; } = TableSchema.FromArrow(Trips.Schema, "trips");

    /// <summary>The records' schema as Avro JSON.</summary>
    public static string Schema => Table.ToAvroJson(withMetaColumns: true);

    public static async Task<TripLog> MakeAsync(int rows)
    {
        var log = new TripLog();
        await using (var writer = await LogFileWriter.CreateAsync(log.store, "log", default))
        {
            foreach (var batch in Trips.Make(rows, n => n))
            {
                await WriteAsync(writer, WithMeta(batch));
            }

            await writer.CompleteAsync(default);
        }

        log.file = (await log.store.ReadAsync("log")).ToArray();
        await foreach (var block in LogFileReader.ReadBlocksAsync(log.store, "log", log.file.Length, default))
        {
            log.blocks.Add(block);
        }

        return log;
    }

    /// <summary>A batch with the meta columns in front.</summary>
    public static RecordBatch WithMeta(RecordBatch batch)
    {
        var seqno = new StringArray.Builder();
        for (var i = 0; i < batch.Length; i++)
        {
            seqno.Append($"20260101000000000_0_{i}");
        }

        static IArrowArray Constant(string value, int length) => new StringArray.Builder().AppendRange(Enumerable.Repeat(value, length)).Build();
        return new RecordBatch(
            Table.ArrowWithMeta,
            [
                Constant("20260101000000000", batch.Length), seqno.Build(), batch.Column("id"), Constant("city=berlin", batch.Length),
                Constant("f81d4fae-7dec-11d0-a765-00a0c91e6bf6-0", batch.Length), .. batch.Arrays,
            ],
            batch.Length);
    }

    public static ValueTask WriteAsync(LogFileWriter writer, RecordBatch rows) =>
        writer.AppendRowsAsync(LogBlockType.AvroData, rows, Table, new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = "20260101000000000" }, default);

    /// <summary>Reads the log into Arrow columns; returns the rows.</summary>
    public async Task<long> DecodeAsync(Schema wanted)
    {
        var rows = 0L;
        var reader = new LogBlockReader(store, ParquetSharpFormat.Instance);
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, "log", file.Length, default))
        {
            await foreach (var batch in reader.ReadRowsAsync(block, Table, wanted, Trips.BatchRows, default))
            {
                rows += batch.Length;
                batch.Dispose();
            }
        }

        return rows;
    }

    /// <summary>Reads the log with Apache.Avro's generic reader, into one record that is used again and again; returns the rows.</summary>
    public long DecodeWithApacheAvro()
    {
        var schema = Avro.Schema.Parse(Schema);
        var reader = new Avro.Generic.GenericDatumReader<Avro.Generic.GenericRecord>(schema, schema);
        Avro.Generic.GenericRecord? record = null;
        var rows = 0L;
        foreach (var block in blocks)
        {
            var stream = new MemoryStream(file, (int)block.ContentStart, (int)block.ContentLength);
            var decoder = new Avro.IO.BinaryDecoder(stream);
            stream.Position = 4;
            var prefix = new byte[4];
            stream.ReadExactly(prefix);
            for (var left = BinaryPrimitives.ReadInt32BigEndian(prefix); left > 0; left--, rows++)
            {
                stream.Position += 4;
                record = reader.Read(record!, decoder);
            }
        }

        return rows;
    }
}
