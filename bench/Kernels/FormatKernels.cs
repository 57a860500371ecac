using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Text;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Bench.Kernels;

/// <summary>Text and metadata: 16 384 JSON lines of 10 columns to Arrow, a Parquet footer, the metadata of a commit of 1 000 files.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class FormatKernels
{
    private readonly MemoryObjectStore store = new();
    private byte[] json = [];
    private string file = "";
    private long length;
    private CommitMetadata commit = new();

    /// <summary>Makes the texts and the file.</summary>
    [GlobalSetup]
    public async Task MakeAsync()
    {
        var rows = Trips.Make(Trips.BatchRows, n => n).ToList();
        using var stream = new MemoryStream();
        await using (var writer = new JsonLinesWriter(stream, Trips.Schema))
        {
            await writer.WriteAsync(rows[0]);
        }

        json = stream.ToArray();
        await using var table = await LakehouseTable.CreateAsync(store, Trips.Schema, new TableOptions { Name = "trips", Keys = ["id"] });
        await table.BulkInsertAsync(rows, new WriteOptions { RowGroupRows = 1000 });
        await foreach (var entry in store.ListAsync("", recursive: false))
        {
            if (entry.Name.EndsWith(".parquet", StringComparison.Ordinal))
            {
                (file, length) = (entry.Path, entry.Length);
            }
        }

        commit = new CommitMetadata
        {
            OperationType = "UPSERT",
            PartitionToWriteStats = Enumerable.Range(0, 10).ToDictionary(p => $"city={p}", p => (IReadOnlyList<WriteStat>)[.. Enumerable.Range(0, 100).Select(f => new WriteStat
            {
                FileId = $"{p:D8}-0000-4000-8000-{f:D12}-0",
                Path = $"city={p}/{p:D8}-0000-4000-8000-{f:D12}-0_{f}-0-0_20261123000000000.parquet",
                PartitionPath = $"city={p}",
                PrevCommit = "20261122000000000",
                NumWrites = 1_000_000,
                NumUpdateWrites = 10,
                TotalWriteBytes = 100_000_000,
                FileSizeInBytes = 100_000_000,
            })]),
        };
    }

    /// <summary>JSON lines to Arrow.</summary>
    [Benchmark]
    public async Task<int> JsonLines()
    {
        var rows = 0;
        await foreach (var batch in JsonLinesReader.ReadAsync(new MemoryStream(json), Trips.Schema))
        {
            rows += batch.Length;
        }

        return rows;
    }

    /// <summary>A footer of 17 row groups of 15 columns.</summary>
    [Benchmark]
    public async Task<object> Footer() => await ParquetFooter.ReadAsync(store, file, length);

    /// <summary>Commit metadata, Avro (table version 8 and 9).</summary>
    [Benchmark]
    public int CommitAvro() => CommitMetadataCodec.Write(commit, 2).Length;

    /// <summary>Commit metadata, JSON (table version 6).</summary>
    [Benchmark]
    public int CommitJson() => CommitMetadataCodec.Write(commit, 1).Length;
}
