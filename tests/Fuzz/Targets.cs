using System.Text;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>The decoders, each on files of its own, and whole tables with one damaged file.</summary>
internal static class Targets
{
    private const string Path = "p/f";

    private delegate object? Reader(ReadOnlySpan<byte> content);

    public static IEnumerable<FuzzTarget> All()
    {
        yield return Of("properties", "hoodie.properties", PropertiesAsync);
        yield return Content("commit", CommitMetadataCodec.Read, ".commit", ".deltacommit", ".replacecommit", ".inflight");
        yield return Content("clean-plan", CleanPlan.Read, ".clean.requested", ".clean.inflight");
        yield return Content("clean", CleanMetadata.Read, ".clean");
        yield return Content("rollback-plan", RollbackPlan.Read, ".rollback.requested");
        yield return Content("rollback", RollbackMetadata.Read, ".rollback");
        yield return Content("savepoint", SavepointMetadata.Read, ".savepoint");
        yield return Content("restore-plan", RestorePlan.Read, ".restore.requested");
        yield return Content("restore", RestoreMetadata.Read, ".restore");
        yield return Content("compaction-plan", CompactionPlan.Read, "compaction.requested");
        yield return Content("clustering-plan", ClusteringPlan.Read, "clustering.requested", "replacecommit.requested");
        yield return Content("index-plan", IndexPlan.Read, ".indexing.requested");
        yield return Of("log", LogSamples(), LogAsync);
        yield return Of("archive", ArchiveSamples(), ArchiveAsync);
        yield return Of("manifest", Manifests(), ManifestAsync);
        yield return Of("hfile", HFileSamples(), HFileAsync);
        yield return Of("footer", ".parquet", sample => Done(ParquetFooter.ParseFile(sample.Content, Path)));
        yield return Of("parquet", ".parquet", sample => ParquetAsync(sample, ParquetSharpFormat.Instance));
        yield return Of("parquet-managed", ".parquet", sample => ParquetAsync(sample, ManagedParquetFormat.Instance));
        yield return Of("lock", [Text("""{"expired":false,"validUntil":1760000000000,"owner":"5f9c1a52-8f4e-4a24-a0c2-16f1f1b6b5d0"}""")], LockAsync);
        yield return Of("schema-history", SchemaSamples(), sample => Done(InternalSchemaJson.ParseHistory(Utf8(sample))));
        yield return Of("schema", ".avsc", AvroSchemas(), sample => Done(TableSchema.FromAvro(Utf8(sample)).ArrowWithMeta));
        yield return Of("bloom", Blooms(), sample => Done(BloomFilter.Parse(sample.Content, sample.Name).MightContain("key"u8)));
        yield return Of("positions", [Text(RecordPositions.Encode([1, 2, 3, 70_000, 70_001, 5_000_000_000])), Text(RecordPositions.Encode([.. Enumerable.Range(0, 9000).Select(i => i * 3L)]))], sample => Done(RecordPositions.Decode(Utf8(sample), 1 << 20)));
        yield return Of("csv", [Text("id,s,d,t,b\n1,\"a\"\"b\",1.50,2024-01-02T03:04:05Z,true\n2,,,,\n")], sample => RowsAsync(CsvReader.ReadAsync(new MemoryStream(sample.Content), Wide)));
        yield return Of("json", [Text("""{"id":1,"s":"a\u00e9","d":1.50,"t":"2024-01-02T03:04:05Z","b":true}""" + "\n" + """{"id":2,"s":null}""" + "\n")], sample => RowsAsync(JsonLinesReader.ReadAsync(new MemoryStream(sample.Content), Wide)));
        yield return S3Target.Make();
        yield return TableTarget.Make();
    }

    private static Apache.Arrow.Schema Wide { get; } = TableSchema.FromDdl("id int, s string, d decimal(10,2), t timestamp, b boolean", "t").Arrow;

    private static FuzzTarget Of(string name, IReadOnlyList<Sample> samples, Func<Sample, Task> decode) => samples.Count > 0 ? new(name, samples, decode) : throw new InvalidOperationException($"{name} has no samples.");

    private static FuzzTarget Of(string name, string ends, Func<Sample, Task> decode) => Of(name, Corpus.Files(ends), decode);

    private static FuzzTarget Of(string name, string ends, IReadOnlyList<Sample> more, Func<Sample, Task> decode) => Of(name, [.. Corpus.Files(ends), .. more], decode);

    private static FuzzTarget Content(string name, Reader read, params string[] ends) => Of(name, [.. ends.SelectMany(Corpus.Files)], sample => Done(read(sample.Content)));

    private static Task Done(object? decoded)
    {
        GC.KeepAlive(decoded);
        return Task.CompletedTask;
    }

    private static Sample Text(string text) => new("text", Encoding.UTF8.GetBytes(text));

    private static string Utf8(Sample sample) => Encoding.UTF8.GetString(sample.Content);

    private static async Task<MemoryObjectStore> StoreAsync(string path, Sample sample)
    {
        var store = new MemoryObjectStore();
        await store.PutAsync(path, sample.Content, PutCondition.None);
        return store;
    }

    private static async Task PropertiesAsync(Sample sample)
    {
        await TableConfigFile.LoadAsync(await StoreAsync(TableConfig.Path, sample), Hasty.Environment);
    }

    private static async Task LogAsync(Sample sample)
    {
        var store = await StoreAsync(Path, sample);
        var reader = new LogBlockReader(store, ParquetSharpFormat.Instance);
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, Path, sample.Content.Length, CancellationToken.None))
        {
            if (block.Type == LogBlockType.Delete)
            {
                (await reader.ReadDeletesAsync(block, CancellationToken.None)).OrderingAs(TableSchema.FromDdl("o bigint", "t"), ["o"]);
            }
            else if (block.HasRows)
            {
                if (block.Header(LogHeader.RecordPositions) is not null)
                {
                    LogBlockReader.PositionsOf(block);
                }

                var table = reader.SchemaOf(block);
                await RowsAsync(reader.ReadRowsAsync(block, table, table.Arrow, 100, CancellationToken.None));
            }
        }
    }

    private static async Task ArchiveAsync(Sample sample) => await new ArchiveLogs(await StoreAsync("a/.commits_.archive.1_1-0-1", sample), "a").ReadAsync(withContent: true, CancellationToken.None);

    private static async Task ManifestAsync(Sample sample) => await LsmManifest.LoadAsync(await StoreAsync("a/manifest_1", sample), "a", CancellationToken.None);

    private static async Task HFileAsync(Sample sample)
    {
        var file = await HFile.OpenAsync(await StoreAsync(Path, sample), Path, sample.Content.Length, CancellationToken.None);
        await foreach (var block in file.ReadDataBlocksAsync(CancellationToken.None))
        {
            HFileCells.Range(block.Span, "k"u8, Path);
        }

        await file.FindAsync("key"u8.ToArray(), CancellationToken.None);
        await file.ReadPrefixAsync("k"u8.ToArray(), CancellationToken.None).CountAsync();
        await file.ReadMetaAsync("BLOOM_FILTER_META", CancellationToken.None);
    }

    private static async Task ParquetAsync(Sample sample, IParquetFormat format)
    {
        await using var file = await format.OpenAsync(await StoreAsync(Path, sample), Path, CancellationToken.None);
        await foreach (var batch in file.ReadAsync(new ParquetReadRequest(), CancellationToken.None))
        {
            batch.Batch.Dispose();
        }
    }

    private static async Task LockAsync(Sample sample) => await StorageLockFile.ReadAsync(await StoreAsync(StorageLockFile.Path, sample), CancellationToken.None);

    private static async Task RowsAsync(IAsyncEnumerable<Apache.Arrow.RecordBatch> batches)
    {
        await foreach (var batch in batches)
        {
            batch.Dispose();
        }
    }

    private static List<Sample> LogSamples() =>
        [.. Corpus.Vectors("log-blocks").Where(s => !s.Name.EndsWith(".json", StringComparison.Ordinal)), .. Corpus.Tables.SelectMany(t => t.Files).Where(f => f.Name.Contains(".log.", StringComparison.Ordinal) && !f.Name.Contains("/metadata/", StringComparison.Ordinal))];

    private static List<Sample> ArchiveSamples() => [.. Corpus.Tables.SelectMany(t => t.Files).Where(f => f.Name.Contains("/.commits_.archive.", StringComparison.Ordinal) && f.Content.Length > 0)];

    private static List<Sample> Manifests() => [.. Corpus.Tables.SelectMany(t => t.Files).Where(f => f.Name.Contains("/history/manifest_", StringComparison.Ordinal))];

    // Hudi's own are without checksums; of HBase's they stop most damage.
    private static List<Sample> HFileSamples() => [.. Corpus.Vectors("hfiles").Where(s => s.Name.EndsWith(".hfile", StringComparison.Ordinal)), .. Corpus.Files(".hfile")];

    private static List<Sample> SchemaSamples() => [.. Corpus.Tables.SelectMany(t => t.Files).Where(f => f.Name.Contains(".schema/", StringComparison.Ordinal) && f.Content.Length > 0)];

    private static List<Sample> AvroSchemas() => [.. Corpus.Tables.SelectMany(t => t.Properties).Where(p => p.Key == ConfigKeys.CreateSchema).Select(p => Text(p.Value)), Text(TableSchema.FromDdl("id int, s struct<a: array<map<string, decimal(20,3)>>, t: timestamp>", "t").ToAvroJson(withMetaColumns: true))];

    private static List<Sample> Blooms()
    {
        var filters = new[] { BloomFilter.Create(BloomFilter.Simple, 50), BloomFilter.Create(BloomFilter.Dynamic, 50) };
        return [.. filters.Select(f => new Sample(f.TypeCode, f.SerializeUtf8()))];
    }
}
