using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Index.Tests.Metadata.Statistics;

/// <summary>Records of column_stats that Hudi stored come out again from the files that they are of.</summary>
public class GoldenStatisticsTests(ITestOutputHelper output)
{
    private static readonly string[] Versions = ["v6/", "v8/", "v9/"];

    [Fact]
    public async Task Records_of_files_are_those_that_Hudi_stores()
    {
        var total = new Counts();
        var differences = new List<string>();
        // What older files have of columns that were changed since is of other types.
        foreach (var name in Versions.SelectMany(Golden.Names).Where(n => !n.Contains("schema_on_read", StringComparison.Ordinal)))
        {
            var golden = Golden.Open(name);
            if (golden.Property(ConfigKeys.MetadataPartitions)?.Split(',').Contains(MetadataPartitions.ColumnStats) == true)
            {
                var counts = await CheckAsync(golden, differences);
                output.WriteLine($"{name}: {counts.Base} of base files, {counts.Log} of logs, {counts.NotOurs} with bounds of our own");
                total = total with { Base = total.Base + counts.Base, Log = total.Log + counts.Log };
            }
        }

        output.WriteLine($"{total.Base} of base files, {total.Log} of logs");
        Assert.True(differences.Count == 0, $"{differences.Count} differ (Hudi's, ours):\n{string.Join('\n', differences.Take(60))}");
        Assert.True(total is { Base: > 1000, Log: > 200 }, $"{total}");
    }

    [Fact]
    public async Task Records_of_partitions_are_those_that_Hudi_stores()
    {
        var (same, differences) = (0, new List<string>());
        foreach (var name in Versions.SelectMany(Golden.Names).Where(n => n.Contains("/cow_", StringComparison.Ordinal)))
        {
            var golden = Golden.Open(name);
            if (golden.Property(ConfigKeys.MetadataPartitions)?.Split(',').Contains(MetadataPartitions.PartitionStats) != true)
            {
                continue;
            }

            var store = new LocalObjectStore(golden.Table);
            var config = await TableConfigFile.LoadAsync(store, LakehouseEnvironment.System);
            var client = new TimelineClient(store, TimelineLayout.For(config.Version, config.TimelinePath, TimeZoneInfo.Utc), LakehouseEnvironment.System);
            var timeline = await client.LoadAsync(false, default);
            var schema = TableSchema.FromAvro((await client.ReadLatestSchemaAsync(timeline, null, default))!);
            var columns = ColumnsOf(golden, config, schema);
            var files = new FileBounds(store, ParquetSharpFormat.Instance, schema, [.. columns.Select(c => c.Name)]);
            var stored = (await StoredAsync(store, golden, MetadataPartitions.PartitionStats)).Where(r => !r.IsDeleted).ToLookup(r => r.FileName);
            foreach (var slices in (await new FileSystemView(client, timeline).GetAllSlicesAsync(null, default)).GroupBy(s => s.PartitionPath))
            {
                var bounds = new List<IReadOnlyList<ColumnBounds>>();
                foreach (var slice in slices)
                {
                    bounds.Add(await files.OfBaseAsync(slice.Base!.Path, slice.Base.Length, default));
                }

                var ours = ColumnStatsRecords.OfPartition(slices.Key, bounds, columns, IndexDefinitions.NewVersion(config)).ToDictionary(r => r.ColumnName!);
                foreach (var theirs in stored[slices.Key].Where(r => ours.ContainsKey(r.ColumnName!)))
                {
                    var own = ours[theirs.ColumnName!];
                    if (Text(theirs, false) == Text(own, false))
                    {
                        same++;
                    }
                    else
                    {
                        differences.Add($"{name}\n  {Text(theirs, false)}\n  {Text(own, false)}");
                    }
                }
            }
        }

        // The others: Hudi still counts in what the commit replaces, and what is here of commits that failed does not count.
        Assert.True(same >= 1293, $"{same} the same; Hudi's, ours:\n{string.Join('\n', differences.Take(40))}");
    }

    private static async Task<Counts> CheckAsync(Golden golden, List<string> differences)
    {
        var store = new LocalObjectStore(golden.Table);
        var config = await TableConfigFile.LoadAsync(store, LakehouseEnvironment.System);
        var client = new TimelineClient(store, TimelineLayout.For(config.Version, config.TimelinePath, TimeZoneInfo.Utc), LakehouseEnvironment.System);
        var schema = TableSchema.FromAvro((await client.ReadLatestSchemaAsync(await client.LoadAsync(false, default), null, default))!);
        var columns = ColumnsOf(golden, config, schema);
        var files = new FileBounds(store, ParquetSharpFormat.Instance, schema, [.. columns.Select(c => c.Name)]);
        var counts = new Counts();
        foreach (var byFile in (await StoredAsync(store, golden, MetadataPartitions.ColumnStats)).Where(s => !s.IsDeleted).GroupBy(s => s.FileName))
        {
            var path = Directory.EnumerateFiles(golden.Table, byFile.Key, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(golden.Table, f)).FirstOrDefault();
            if (path is null)
            {
                continue;
            }

            var length = new FileInfo(Path.Combine(golden.Table, path)).Length;
            var log = byFile.Key.StartsWith('.');
            var bounds = log ? await files.OfLogAsync(path, length, default) : await files.OfBaseAsync(path, length, default);
            if (bounds.Count == 0)
            {
                // Blocks of some columns: of such a log nothing is said.
                continue;
            }

            var ours = ColumnStatsRecords.OfFile(byFile.Key, bounds, columns, IndexDefinitions.NewVersion(config)).ToDictionary(r => r.ColumnName!);
            foreach (var theirs in byFile)
            {
                if (!ours.TryGetValue(theirs.ColumnName!, out var own))
                {
                    continue;
                }

                var ownBounds = own.Min?.Value is float.NegativeInfinity or double.NegativeInfinity;
                counts = ownBounds ? counts with { NotOurs = counts.NotOurs + 1 } : log ? counts with { Log = counts.Log + 1 } : counts with { Base = counts.Base + 1 };
                // What a file held before its column was widened we store as the table has it today.
                var stored = theirs is { ValueType: 3 } && own.ValueType == 4 ? theirs with { ValueType = 4, Min = Widen(theirs.Min), Max = Widen(theirs.Max) } : theirs;
                if (Text(stored, ownBounds) != Text(own, ownBounds))
                {
                    differences.Add($"{golden.Name}\n  {Text(theirs, ownBounds)}\n  {Text(own, ownBounds)}");
                }
            }
        }

        return counts;
    }

    // What Hudi indexed is in the definition of the index; version 6 has none, and all columns there are.
    private static IReadOnlyList<ColumnStatsColumn> ColumnsOf(Golden golden, TableConfig config, TableSchema schema)
    {
        var definitions = Path.Combine(golden.Table, ".hoodie", ".index_defs", "index.json");
        if (!File.Exists(definitions))
        {
            return ColumnStatsColumns.Of(config, schema, most: int.MaxValue);
        }

        var fields = JsonDocument.Parse(File.ReadAllBytes(definitions)).RootElement.GetProperty("indexDefinitions").GetProperty("column_stats").GetProperty("sourceFields").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Equal(fields.Where(f => schema.Root.Fields.Any(s => s.Name == f) || f[0] == '_'), ColumnStatsColumns.Of(config, schema).Select(c => c.Name).Where(fields.Contains));
        return ColumnStatsColumns.Of(config, schema, fields);
    }

    private static async Task<IReadOnlyCollection<ColumnStatsPayload>> StoredAsync(LocalObjectStore store, Golden golden, string partition)
    {
        var records = new Dictionary<string, ColumnStatsPayload>();
        var folder = Path.Combine(golden.Table, ".hoodie", "metadata", partition);
        foreach (var path in Directory.EnumerateFiles(folder).OrderBy(InstantOf, StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(golden.Table, path);
            var length = new FileInfo(path).Length;
            if (path.EndsWith(".hfile", StringComparison.Ordinal))
            {
                var file = await HFile.OpenAsync(store, relative, length, default);
                await ReadAsync(file, MetadataSchemaOf(golden), relative, records);
            }
            else if (Path.GetFileName(path).Contains(".log.", StringComparison.Ordinal))
            {
                await foreach (var block in LogFileReader.ReadBlocksAsync(store, relative, length, default))
                {
                    if (block.Type == LogBlockType.HFileData)
                    {
                        await ReadAsync(await HFile.OpenAsync(new BlockContentStore(store, block), block.Path, block.ContentLength, default), block.Header(LogHeader.Schema)!, relative, records);
                    }
                }
            }
        }

        return records.Values;
    }

    private static string InstantOf(string path) => FileNames.TryParseLogFile("", Path.GetFileName(path), 0, out var log) ? log.Instant
        : FileNames.TryParseBaseFile("", Path.GetFileName(path), 0, out var file) ? file.Instant : "";

    // A base HFile's schema is that of the logs beside it: here the first one found.
    private static string MetadataSchemaOf(Golden golden)
    {
        var store = new LocalObjectStore(golden.Table);
        return Directory.EnumerateFiles(Path.Combine(golden.Table, ".hoodie", "metadata"), ".*.log.*", SearchOption.AllDirectories)
            .SelectMany(f => LogFileReader.ReadBlocksAsync(store, Path.GetRelativePath(golden.Table, f), new FileInfo(f).Length, default).ToBlockingEnumerable())
            .First(b => b.Type == LogBlockType.HFileData).Header(LogHeader.Schema)!;
    }

    private static async Task ReadAsync(HFile file, string schema, string path, Dictionary<string, ColumnStatsPayload> records)
    {
        var codec = MetadataRecordCodec.For(schema);
        await foreach (var block in file.ReadDataBlocksAsync(default))
        {
            var cells = new HFileCells(block.Span, path);
            while (cells.MoveNext())
            {
                records[System.Text.Encoding.UTF8.GetString(cells.Key)] = (ColumnStatsPayload)codec.Read(cells.Value);
            }
        }
    }

    private static WrappedValue? Widen(WrappedValue? value) => value is { Value: int number } ? new WrappedValue(WrapperKind.Long, (long)number) : value;

    private static string Text(ColumnStatsPayload r, bool countsOnly) =>
        $"{r.FileName} {r.ColumnName} {(countsOnly ? "" : Text(r.Min))} {(countsOnly ? "" : Text(r.Max))} {r.ValueCount} {r.NullCount} {r.TotalSize} {r.TotalUncompressedSize} {r.IsTightBound} {r.ValueType} {r.ValueTypeInfo}";

    private static string Text(WrappedValue? value) => value is not { } v ? "null" : $"{v.Kind} {(v.Value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(v.Value, CultureInfo.InvariantCulture))}";

    private sealed record Counts(int Base = 0, int Log = 0, int NotOurs = 0);
}
