using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a compaction or log compaction is going to merge (HoodieCompactionPlan, version 2: file names instead of paths), in its requested file.</summary>
/// <param name="Operations">One for each file slice.</param>
/// <param name="ExecutionClass">Names the class that executes the plan, which a log compaction must; null for a compaction.</param>
/// <param name="PreserveMetadata">Written as Hudi does, false for a compaction; rows keep their commit times all the same.</param>
internal sealed record CompactionPlan(IReadOnlyList<CompactionOperation> Operations, string? ExecutionClass = null, bool PreserveMetadata = false)
{
    /// <summary>What Hudi 1.2 names as the executor of log compactions.</summary>
    public const string LogCompactionExecution = "org.apache.hudi.table.action.compact.LogCompactionExecutionHelper";

    private static readonly byte[] Header = AvroSchemas.Header("HoodieCompactionPlan");

    public static CompactionPlan Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        return new CompactionPlan(
            [.. record.List("operations").OfType<IReadOnlyDictionary<string, object?>>().Select(CompactionOperation.From)],
            record.Record("strategy").Text("compactorClassName"),
            record.GetValueOrDefault("preserveHoodieMetadata") is true);
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(1024);
        buffer.Long(1);
        buffer.Block(Operations, static (b, operation) => operation.Write(b));
        buffer.Long(1); // extraMetadata: an empty map
        buffer.Long(0);
        buffer.Long(0); // version: [int, null]
        buffer.Long(2);
        if (ExecutionClass is null)
        {
            buffer.Null();
        }
        else
        {
            buffer.Long(1);
            buffer.Optional(ExecutionClass);
            buffer.Long(1); // strategyParams: an empty map
            buffer.Long(0);
            buffer.Long(0); // version: [int, null]
            buffer.Long(1);
        }

        buffer.Long(0); // preserveHoodieMetadata: [boolean, null]
        buffer.Boolean(PreserveMetadata);
        buffer.Long(1); // missingSchedulePartitions: none
        buffer.Long(0);
        return AvroFile.Write(Header, buffer.Written);
    }
}

/// <summary>One file slice to be merged (HoodieCompactionOperation).</summary>
/// <param name="PartitionPath">The partition.</param>
/// <param name="FileId">The file group.</param>
/// <param name="BaseInstant">The slice's base instant.</param>
/// <param name="BaseFileName">Null in a slice of logs alone.</param>
/// <param name="LogFileNames">In the order in which they are merged.</param>
/// <param name="Metrics">TOTAL_LOG_FILES and the like, for people.</param>
internal sealed record CompactionOperation(
    string PartitionPath, string FileId, string BaseInstant, string? BaseFileName, IReadOnlyList<string> LogFileNames, IReadOnlyDictionary<string, double> Metrics)
{
    internal static CompactionOperation From(IReadOnlyDictionary<string, object?> record)
    {
        if (record.Text("fileId") is not { Length: > 0 } fileId || record.Text("baseInstantTime") is not { Length: > 0 } instant)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the compaction plan names no file group or base instant");
        }

        return new CompactionOperation(
            NamedPaths.Partition(record.Text("partitionPath")),
            NamedPaths.Name(fileId),
            NamedPaths.Time(instant),
            record.Text("dataFilePath") is { } path ? NameOf(path) : null,
            [.. record.Texts("deltaFilePaths").Select(NameOf)],
            record.Record("metrics").ToDictionary(m => m.Key, m => m.Value as double? ?? 0));
    }

    internal void Write(AvroBuffer buffer)
    {
        buffer.Optional(BaseInstant);
        buffer.Long(1);
        buffer.Block(LogFileNames, static (b, name) => b.String(name));
        buffer.Optional(BaseFileName);
        buffer.Optional(FileId);
        buffer.Optional(PartitionPath);
        buffer.Long(1);
        buffer.Block(Metrics, static (b, metric) =>
        {
            b.String(metric.Key);
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(value, metric.Value);
            b.Raw(value);
        });
        buffer.Null(); // bootstrapFilePath
    }

    // Plans of version 1 had whole paths.
    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
