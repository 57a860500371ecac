using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>Log blocks of 16 384 trips with meta columns, in memory.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class LogKernels
{
    private static readonly Schema KeyAndOrder = new([TripLog.Table.ArrowWithMeta.GetFieldByName(MetaColumns.RecordKey), TripLog.Table.ArrowWithMeta.GetFieldByName("ts")], null);
    private RecordBatch rows = null!;
    private TripLog log = null!;

    /// <summary>Makes the log.</summary>
    [GlobalSetup]
    public async Task MakeAsync()
    {
        rows = TripLog.WithMeta(Trips.Make(Trips.BatchRows, n => n).First());
        log = await TripLog.MakeAsync(Trips.BatchRows);
    }

    /// <summary>All 15 columns to Arrow.</summary>
    [Benchmark]
    public Task<long> Decode() => log.DecodeAsync(TripLog.Table.ArrowWithMeta);

    /// <summary>What merging by key looks at first.</summary>
    [Benchmark]
    public Task<long> DecodeKeyAndOrder() => log.DecodeAsync(KeyAndOrder);

    /// <summary>All 15 fields with Apache.Avro's generic reader.</summary>
    [Benchmark(Baseline = true)]
    public long ApacheAvro() => log.DecodeWithApacheAvro();

    /// <summary>Arrow to a log block.</summary>
    [Benchmark]
    public async Task<long> Encode()
    {
        await using var writer = await LogFileWriter.CreateAsync(new MemoryObjectStore(), "log", default);
        await TripLog.WriteAsync(writer, rows);
        return writer.Length;
    }
}
