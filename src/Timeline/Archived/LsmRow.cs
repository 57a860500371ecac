using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>A row of a history file (HoodieLSMTimelineInstant): one completed instant.</summary>
/// <param name="InstantTime">Requested time.</param>
/// <param name="CompletionTime">When it completed.</param>
/// <param name="Action">Of the completed file: a compaction is a commit here, a clustering a replace commit.</param>
/// <param name="Metadata">The completed file, whole; null where it was empty, or was not read.</param>
/// <param name="Plan">The requested file of a clean, compaction, log compaction, replace commit or clustering, or what the inflight file of the latter two held; null elsewhere.</param>
/// <param name="Version">Of the row: 1.</param>
internal sealed record LsmRow(string InstantTime, string CompletionTime, string Action, byte[]? Metadata, byte[]? Plan, int Version = 1)
{
    public const int CurrentVersion = 1;

    public const string InstantTimeColumn = "instantTime";
    public const string CompletionTimeColumn = "completionTime";
    public const string ActionColumn = "action";
    public const string MetadataColumn = "metadata";
    public const string PlanColumn = "plan";
    public const string VersionColumn = "version";

    /// <summary>The columns as Arrow has them.</summary>
    public static Schema Schema { get; } = new(
        [
            new Field(InstantTimeColumn, StringType.Default, true),
            new Field(CompletionTimeColumn, StringType.Default, true),
            new Field(ActionColumn, StringType.Default, true),
            new Field(MetadataColumn, BinaryType.Default, true),
            new Field(PlanColumn, BinaryType.Default, true),
            new Field(VersionColumn, Int32Type.Default, false),
        ],
        null);
}
