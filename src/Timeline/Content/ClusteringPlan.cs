using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a clustering is going to rewrite (HoodieClusteringPlan in a HoodieRequestedReplaceMetadata), in its requested file.</summary>
/// <param name="Groups">Each becomes new file groups of its own.</param>
/// <param name="ExecutionClass">Hudi's class that executes the plan.</param>
/// <param name="Parameters">What that class is told: the sort columns.</param>
/// <param name="ExtraMetadata">Of the plan.</param>
/// <param name="MissingPartitions">Partitions that the next plan is to look at again; null: it looks at all.</param>
internal sealed record ClusteringPlan(
    IReadOnlyList<ClusteringGroup> Groups,
    string ExecutionClass,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string>? ExtraMetadata = null,
    IReadOnlyList<string>? MissingPartitions = null)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieRequestedReplaceMetadata");

    /// <returns>Null where a replace commit plans nothing: it overwrites or deletes partitions.</returns>
    public static ClusteringPlan? Read(ReadOnlySpan<byte> file)
    {
        if (AvroValue.Read(file).GetValueOrDefault("clusteringPlan") is not Dictionary<string, object?> plan)
        {
            return null;
        }

        var strategy = plan.Record("strategy");
        return new ClusteringPlan(
            [.. plan.List("inputGroups").OfType<IReadOnlyDictionary<string, object?>>().Select(ClusteringGroup.From)],
            strategy.Text("strategyClassName") ?? string.Empty,
            TextsOf(strategy.Record("strategyParams")),
            TextsOf(plan.Record("extraMetadata")),
            plan.GetValueOrDefault("missingSchedulePartitions") is null ? null : plan.Texts("missingSchedulePartitions"));
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(4096);
        buffer.Optional(WriteOperations.Cluster);
        buffer.Long(1);
        buffer.Long(1);
        buffer.Block(Groups, static (b, group) => group.Write(b));
        buffer.Long(1); // strategy
        buffer.Optional(ExecutionClass);
        WriteMap(buffer, Parameters);
        WriteVersion(buffer);
        WriteMap(buffer, ExtraMetadata ?? new Dictionary<string, string>());
        WriteVersion(buffer);
        buffer.Long(1); // preserveHoodieMetadata: [null, boolean]
        buffer.Boolean(true);
        if (MissingPartitions is null)
        {
            buffer.Null();
        }
        else
        {
            buffer.Long(1);
            buffer.Block(MissingPartitions, static (b, partition) => b.String(partition));
        }

        WriteMap(buffer, new Dictionary<string, string>());
        WriteVersion(buffer);
        return AvroFile.Write(Header, buffer.Written);
    }

    // [int, null]
    internal static void WriteVersion(AvroBuffer buffer)
    {
        buffer.Long(0);
        buffer.Long(1);
    }

    internal static void WriteMap(AvroBuffer buffer, IReadOnlyDictionary<string, string> map)
    {
        buffer.Long(1);
        buffer.Block(map, static (b, entry) =>
        {
            b.String(entry.Key);
            b.String(entry.Value);
        });
    }

    internal static Dictionary<string, string> TextsOf(IReadOnlyDictionary<string, object?> map) => map.Where(e => e.Value is string).ToDictionary(e => e.Key, e => (string)e.Value!);
}

/// <summary>File slices of one partition that are rewritten together (HoodieClusteringGroup).</summary>
/// <param name="Slices">In the order in which they are read.</param>
/// <param name="Metrics">TOTAL_LOG_FILES and the like, for people.</param>
/// <param name="Outputs">How many file groups they are to become.</param>
internal sealed record ClusteringGroup(IReadOnlyList<ClusteringSlice> Slices, IReadOnlyDictionary<string, double> Metrics, int Outputs)
{
    /// <summary>What a strategy says of the group.</summary>
    public IReadOnlyDictionary<string, string> ExtraMetadata { get; init; } = new Dictionary<string, string>();

    public string PartitionPath => Slices[0].PartitionPath;

    internal static ClusteringGroup From(IReadOnlyDictionary<string, object?> record)
    {
        var slices = record.List("slices").OfType<IReadOnlyDictionary<string, object?>>().Select(ClusteringSlice.From).ToList();
        if (slices.Count == 0 || slices.Exists(s => s.PartitionPath != slices[0].PartitionPath))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "a group of the clustering plan has no slices, or slices of several partitions");
        }

        return new ClusteringGroup(slices, record.Record("metrics").ToDictionary(m => m.Key, m => m.Value as double? ?? 0), record.GetValueOrDefault("numOutputFileGroups") is long n ? (int)Math.Clamp(n, 1, int.MaxValue) : 1)
        {
            ExtraMetadata = ClusteringPlan.TextsOf(record.Record("extraMetadata")),
        };
    }

    internal void Write(AvroBuffer buffer)
    {
        buffer.Long(1);
        buffer.Block(Slices, static (b, slice) => slice.Write(b));
        buffer.Long(1);
        buffer.Block(Metrics, static (b, metric) =>
        {
            b.String(metric.Key);
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(value, metric.Value);
            b.Raw(value);
        });
        buffer.Long(0); // numOutputFileGroups: [int, null]
        buffer.Long(Outputs);
        if (ExtraMetadata.Count == 0)
        {
            buffer.Null();
        }
        else
        {
            ClusteringPlan.WriteMap(buffer, ExtraMetadata);
        }

        ClusteringPlan.WriteVersion(buffer);
    }
}

/// <summary>One file slice (HoodieSliceInfo).</summary>
/// <param name="PartitionPath">The partition.</param>
/// <param name="FileId">The file group.</param>
/// <param name="BasePath">The base file's full path; null in a slice of logs alone.</param>
/// <param name="LogPaths">Full paths.</param>
internal sealed record ClusteringSlice(string PartitionPath, string FileId, string? BasePath, IReadOnlyList<string> LogPaths)
{
    /// <summary>Of a full path only the name is trusted: a table may have been moved.</summary>
    public string? BaseFileName => BasePath is null ? null : NameOf(BasePath);

    public IEnumerable<string> LogFileNames => LogPaths.Select(NameOf);

    internal static ClusteringSlice From(IReadOnlyDictionary<string, object?> record) => record.Text("fileId") is { Length: > 0 } fileId
        ? new ClusteringSlice(NamedPaths.Partition(record.Text("partitionPath")), NamedPaths.Name(fileId), record.Text("dataFilePath") is { Length: > 0 } path ? path : null, record.Texts("deltaFilePaths"))
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, "the clustering plan names no file group");

    internal void Write(AvroBuffer buffer)
    {
        buffer.Optional(BasePath ?? string.Empty);
        buffer.Long(1);
        buffer.Block(LogPaths, static (b, path) => b.String(path));
        buffer.Optional(FileId);
        buffer.Optional(PartitionPath);
        buffer.Optional(string.Empty); // bootstrapFilePath
        ClusteringPlan.WriteVersion(buffer);
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
