using OllaLab.Lakehouse.Bench.Items;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Bench.Data;

/// <summary>Tables of many file groups, whose data files are a byte long: nobody opens them.</summary>
internal static class FileTables
{
    /// <summary>Partitions of the tables with one commit.</summary>
    private const int Partitions = 100;

    /// <summary>Partitions of those with many.</summary>
    private const int CommittedPartitions = 16;

    private static readonly DateTime First = new(2026, 1, 1);

    private static readonly Dictionary<string, string> OnlyFiles = new() { ["hoodie.metadata.index.column.stats.enable"] = "false" };

    /// <summary>
    /// A merge-on-read table whose file groups were made by one commit, and logged to by another; with a metadata table of the listing alone, which a third, of few rows, made.
    /// </summary>
    public static async Task<Measured> PrepareAsync(ItemContext context)
    {
        var root = context.Scratch.Files;
        if (File.Exists(root + ".ready"))
        {
            return new Measured(0, 0, 0, 0);
        }

        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        await CreateAsync(root, TableType.MergeOnRead);
        var (inserted, logged) = (Time(0), Time(1));
        var (bases, logs) = (new List<(string, WriteStat)>(), new List<(string, WriteStat)>());
        for (var i = 0; i < context.Options.Files; i++)
        {
            var partition = Partition(i % Partitions);
            await AddPartitionAsync(root, partition, inserted);
            bases.Add(AddBase(root, partition, i, inserted, null));
            var log = FileNames.MakeLogFile(FileId(i), logged, 1, "0-0-0");
            await File.WriteAllBytesAsync(Path.Combine(root, partition, log), "x"u8.ToArray());
            logs.Add((partition, new WriteStat
            {
                FileId = FileId(i), Path = $"{partition}/{log}", PrevCommit = inserted, PartitionPath = partition, NumWrites = 1, NumUpdateWrites = 1, FileSizeInBytes = 1, TotalWriteBytes = 1,
                Log = new LogStat(1, 0, FileNames.MakeBaseFile(inserted, "0-0-0", FileId(i)), [log]),
            }));
        }

        await CommitAsync(root, 0, "deltacommit", "BULK_INSERT", bases);
        await CommitAsync(root, 1, "deltacommit", "UPSERT", logs);
        await using (var table = await LakehouseTable.OpenAsync(root, OurWrites.Options(context)))
        {
            await table.BulkInsertAsync(Trips.Make(10, n => n), new WriteOptions { Properties = OnlyFiles });
        }

        await File.WriteAllTextAsync(root + ".ready", "");
        return new Measured(0, 0, 0, 0);
    }

    /// <summary>A copy-on-write table where each commit made a file group and a new slice of the one before; without a metadata table.</summary>
    public static async Task<string> MakeCommitsAsync(ItemContext context)
    {
        var root = context.Work.New();
        await CreateAsync(root, TableType.CopyOnWrite);
        for (var i = 0; i < context.Options.Files; i++)
        {
            var partition = Partition(i % CommittedPartitions);
            await AddPartitionAsync(root, partition, Time(i));
            var stats = new List<(string, WriteStat)> { AddBase(root, partition, i, Time(i), null) };
            if (i > 0)
            {
                stats.Add(AddBase(root, Partition((i - 1) % CommittedPartitions), i - 1, Time(i), Time(i - 1)));
            }

            await CommitAsync(root, i, "commit", "UPSERT", stats);
        }

        return root;
    }

    private static async Task CreateAsync(string root, TableType type)
    {
        var options = new TableOptions { Name = "trips", Type = type, Keys = ["id"], Ordering = ["ts"], Partitions = ["city"] };
        await using var table = await LakehouseTable.CreateAsync(root, Trips.Schema, options);
    }

    private static async Task AddPartitionAsync(string root, string partition, string instant)
    {
        var folder = Path.Combine(root, partition);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, ".hoodie_partition_metadata"), $"commitTime={instant}\npartitionDepth=1\n");
        }
    }

    private static (string Partition, WriteStat Stat) AddBase(string root, string partition, int group, string instant, string? before)
    {
        var path = partition + "/" + FileNames.MakeBaseFile(instant, "0-0-0", FileId(group));
        File.WriteAllBytes(Path.Combine(root, path), "x"u8.ToArray());
        return (partition, new WriteStat { FileId = FileId(group), Path = path, PrevCommit = before ?? "null", PartitionPath = partition, NumWrites = 1, FileSizeInBytes = 1, TotalWriteBytes = 1 });
    }

    private static async Task CommitAsync(string root, int number, string action, string operation, List<(string Partition, WriteStat Stat)> stats)
    {
        var timeline = Path.Combine(root, ".hoodie", "timeline");
        var metadata = new CommitMetadata
        {
            OperationType = operation, PartitionToWriteStats = stats.GroupBy(s => s.Partition).ToDictionary(g => g.Key, g => (IReadOnlyList<WriteStat>)[.. g.Select(s => s.Stat)]),
        };
        var inflight = action == "commit" ? "inflight" : action + ".inflight";
        await File.WriteAllBytesAsync(Path.Combine(timeline, $"{Time(number)}.{action}.requested"), []);
        await File.WriteAllBytesAsync(Path.Combine(timeline, $"{Time(number)}.{inflight}"), []);
        await File.WriteAllBytesAsync(Path.Combine(timeline, $"{Time(number)}_{First.AddSeconds(number * 97).AddMilliseconds(700):yyyyMMddHHmmssfff}.{action}"), CommitMetadataCodec.Write(metadata, 2).ToArray());
    }

    private static string Time(int number) => $"{First.AddSeconds(number * 97):yyyyMMddHHmmssfff}";

    private static string FileId(int group) => FileNames.MakeFileId($"{group:x8}-0000-4000-8000-000000000000", 0);

    private static string Partition(int number) => $"city{number:000}";
}
