using System.Globalization;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of a write, by Hudi's names. One that is not known is refused by the write: a setting that is passed over in silence would be a wrong answer.</summary>
internal static class WriteProperties
{
    public static WriteOptions Read(Dictionary<string, string> pairs, string? index, Dictionary<string, string> metadata, bool evolve = false)
    {
        var d = new WriteOptions();
        T Get<T>(string key, T otherwise, Func<string, string, T> convert) => pairs.Remove(key, out var value) ? convert(key, value) : otherwise;
        try
        {
            var drop = pairs.GetValueOrDefault("hoodie.metadata.enable") is { } enable && !Boolean("hoodie.metadata.enable", enable);
            var schedules = Get("hoodie.compact.schedule.inline", false, Boolean);
            var executes = Get("hoodie.compact.inline", false, Boolean);
            var (clusters, clusteringUpdates) = ClusteringProperties.TakeInline(pairs);
            return new WriteOptions
            {
                PartitionTtl = TtlProperties.TakeInline(pairs),
                InlineClustering = clusters,
                ClusteringUpdates = clusteringUpdates,
                Clustering = ClusteringProperties.Take(pairs),
                InlineCompaction = executes ? InlineCompaction.Execute : schedules ? InlineCompaction.Schedule : InlineCompaction.None,
                AutoClean = Get("hoodie.clean.automatic", true, Boolean),
                Clean = CleanProperties.Take(pairs),
                AutoArchive = Get("hoodie.archive.automatic", true, Boolean),
                Archive = ArchiveProperties.Take(pairs),
                InlineLogCompaction = Get("hoodie.log.compaction.inline", false, Boolean),
                Compaction = CompactionProperties.Take(pairs),
                EvolveSchema = evolve,
                Index = index is not null ? Index(index) : Get<IndexType?>("hoodie.index.type", null, (_, v) => Index(v)),
                MaxFileSize = Get("hoodie.parquet.max.file.size", d.MaxFileSize, Number),
                SmallFileLimit = Get("hoodie.parquet.small.file.limit", d.SmallFileLimit, Number),
                Codec = Get("hoodie.parquet.compression.codec", d.Codec, Codec),
                BloomFilter = Get("hoodie.bloom.index.filter.type", d.BloomFilter, (k, v) => v.ToUpperInvariant() switch { "SIMPLE" => BloomFilterType.Simple, "DYNAMIC_V0" => BloomFilterType.Dynamic, _ => throw Wrong(k, v, "SIMPLE or DYNAMIC_V0") }),
                BloomEntries = Get("hoodie.index.bloom.num_entries", d.BloomEntries, (k, v) => checked((int)Number(k, v))),
                BloomFalsePositives = Get("hoodie.index.bloom.fpp", d.BloomFalsePositives, (k, v) => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var f) ? f : throw Wrong(k, v, "a number")),
                BulkInsertSort = Get("hoodie.bulkinsert.sort.mode", d.BulkInsertSort, (k, v) => Enum.TryParse<BulkInsertSort>(v.Replace("_", string.Empty), ignoreCase: true, out var s) && Enum.IsDefined(s) ? s : throw Wrong(k, v, string.Join(", ", Enum.GetNames<BulkInsertSort>()))),
                CombineBeforeInsert = Get("hoodie.combine.before.insert", d.CombineBeforeInsert, Boolean),
                LogBlockFormat = Get("hoodie.logfile.data.block.format", d.LogBlockFormat, (k, v) => v.ToUpperInvariant() switch { "AVRO" => LogBlockFormat.Avro, "PARQUET" => LogBlockFormat.Parquet, _ => throw Wrong(k, v, "avro or parquet") }),
                MaxLogFileSize = Get("hoodie.logfile.max.size", d.MaxLogFileSize, Number),
                MaxLogBlockSize = Get("hoodie.logfile.data.block.max.size", d.MaxLogBlockSize, Number),
                RecordPositions = Get("hoodie.write.record.positions", d.RecordPositions, Boolean),
                SmallFilesFilled = Get("hoodie.merge.small.file.group.candidates.limit", d.SmallFilesFilled, (k, v) => checked((int)Number(k, v))),
                ExtraMetadata = metadata,
                Progress = new WriteProgress(),
                DropMetadataTable = drop, // what Hudi does with hoodie.metadata.enable=false
                Properties = pairs, // what is left by now: the write knows it or refuses it
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UsageException($"--option: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public static IndexType Index(string name) => name.ToLowerInvariant() switch
    {
        "simple" => IndexType.Simple,
        "bloom" => IndexType.Bloom,
        "global_simple" => IndexType.GlobalSimple,
        "global_bloom" => IndexType.GlobalBloom,
        "record_index" => IndexType.Record,
        "global_record_level_index" => IndexType.GlobalRecordLevel,
        "record_level_index" => IndexType.RecordLevel,
        "bucket" => IndexType.Bucket,
        "inmemory" => IndexType.InMemory,
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The index '{name}' is not supported", remedy: "Use simple, bloom, global_simple, global_bloom, bucket, record_index, global_record_level_index or record_level_index"),
    };

    public static bool Boolean(string key, string value) => bool.TryParse(value, out var b) ? b : throw Wrong(key, value, "true or false");

    private static CompressionCodec Codec(string key, string value) =>
        Enum.TryParse<CompressionCodec>(value.Equals("uncompressed", StringComparison.OrdinalIgnoreCase) ? "None" : value, ignoreCase: true, out var codec) && Enum.IsDefined(codec) ? codec : throw Wrong(key, value, string.Join(", ", Enum.GetNames<CompressionCodec>()));

    private static long Number(string key, string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong(key, value, "a whole number");

    private static UsageException Wrong(string key, string value, string expected) => new($"--option {key}: {value} is not {expected}");
}
