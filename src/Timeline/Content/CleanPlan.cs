namespace OllaLab.Lakehouse.Timelines;

/// <summary>Which files a clean is going to delete (HoodieCleanerPlan, version 2), in its requested file, so that one that was interrupted can be done again.</summary>
/// <param name="EarliestToRetain">The oldest write whose files all stay; null where the policy counts versions.</param>
/// <param name="LastCompletedCommit">Requested time of the latest write that the planner knew; "" on an empty table.</param>
/// <param name="Policy">One of <see cref="CleanPolicies"/>.</param>
/// <param name="Files">Full paths by partition path, as Java wants them; of a table that was moved only the names still hold.</param>
/// <param name="PartitionsToBeDeleted">Partitions that have no file group left: their folders go.</param>
/// <param name="ExtraMetadata">Which savepoints there were (<see cref="SavepointedTimes"/>).</param>
internal sealed record CleanPlan(
    PlannedInstant? EarliestToRetain,
    string LastCompletedCommit,
    string Policy,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Files,
    IReadOnlyList<string> PartitionsToBeDeleted,
    IReadOnlyDictionary<string, string> ExtraMetadata)
{
    /// <summary>The entry of <see cref="ExtraMetadata"/> that names the savepoints of the plan's time: where one of them is gone, all partitions are looked at (CleanerUtils).</summary>
    public const string SavepointedTimes = "savepointed_timestamps";

    private const int Version = 2;

    private static readonly byte[] Header = AvroSchemas.Header("HoodieCleanerPlan");

    public int FileCount => Files.Values.Sum(f => f.Count);

    /// <summary>Whether there is anything to do; Hudi 1.2 writes no plan otherwise.</summary>
    public bool IsEmpty => FileCount == 0 && PartitionsToBeDeleted.Count == 0;

    /// <summary>Reads either version: version 1 had the bare names of files (CleanPlanV1MigrationHandler).</summary>
    public static CleanPlan Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        var files = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (partition, names) in record.Record("filesToBeDeletedPerPartition"))
        {
            files[NamedPaths.Partition(partition)] = [.. (names as List<object?> ?? []).OfType<string>()];
        }

        foreach (var (partition, entries) in record.Record("filePathsToBeDeletedPerPartition"))
        {
            var paths = new List<string>();
            foreach (var entry in (entries as List<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>())
            {
                if (entry.GetValueOrDefault("isBootstrapBaseFile") is true)
                {
                    throw new LakehouseException(LakehouseErrorKind.Unsupported, "the clean plan deletes files of a bootstrapped table's source, which lie outside the table", remedy: "Let Hudi execute this clean");
                }

                paths.Add(entry.Text("filePath") ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, "the clean plan names a file without a path"));
            }

            files[NamedPaths.Partition(partition)] = paths;
        }

        var earliest = record.Record("earliestInstantToRetain");
        return new CleanPlan(
            earliest.Text("timestamp") is { Length: > 0 } time ? new PlannedInstant(time, earliest.Text("action") ?? string.Empty, earliest.Text("state") ?? string.Empty) : null,
            record.Text("lastCompletedCommitTimestamp") ?? string.Empty,
            record.Text("policy") ?? string.Empty,
            files,
            [.. record.Texts("partitionsToBeDeleted").Select(NamedPaths.Partition)],
            record.Record("extraMetadata").ToDictionary(e => e.Key, e => e.Value as string ?? string.Empty));
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(1024);
        if (EarliestToRetain is { } earliest)
        {
            buffer.Long(1);
            buffer.String(earliest.Time);
            buffer.String(earliest.Action);
            buffer.String(earliest.State);
        }
        else
        {
            buffer.Null();
        }

        buffer.String(LastCompletedCommit);
        buffer.String(Policy);
        buffer.Long(1); // filesToBeDeletedPerPartition, of version 1: an empty map
        buffer.Long(0);
        buffer.Long(0); // version: [int, null]
        buffer.Long(Version);
        buffer.Long(1);
        buffer.Block(Files, static (b, partition) =>
        {
            b.String(partition.Key);
            b.Block(partition.Value, static (f, path) =>
            {
                f.Optional(path);
                f.Long(1);
                f.Boolean(false);
            });
        });
        buffer.Long(1);
        buffer.Block(PartitionsToBeDeleted, static (b, partition) => b.String(partition));
        CleanMetadata.WriteExtra(buffer, ExtraMetadata);
        return AvroFile.Write(Header, buffer.Written);
    }
}

/// <summary>An instant as a plan names it (HoodieActionInstant).</summary>
/// <param name="Time">Requested time.</param>
/// <param name="Action">As the timeline shows it.</param>
/// <param name="State">In Java's words: COMPLETED.</param>
internal sealed record PlannedInstant(string Time, string Action, string State)
{
    public static PlannedInstant Of(Instant instant) => new(instant.RequestedTime, instant.Action, instant.State.ToString().ToUpperInvariant());
}

/// <summary>Names of policies in plans (HoodieCleaningPolicy).</summary>
internal static class CleanPolicies
{
    public const string Commits = "KEEP_LATEST_COMMITS";
    public const string FileVersions = "KEEP_LATEST_FILE_VERSIONS";
    public const string Hours = "KEEP_LATEST_BY_HOURS";
}
