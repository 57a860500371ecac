using System.Text.Json;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>An entry of a version 6 archive that is to be written (HoodieArchivedMetaEntry).</summary>
/// <param name="RequestedTime">Of the instant.</param>
/// <param name="Path">Where it is from, for errors.</param>
/// <param name="Fields">By name.</param>
internal sealed record ArchiveLogEntry(string RequestedTime, string Path, Dictionary<string, object?> Fields)
{
    private const string CommitMetadata = "hoodieCommitMetadata";

    /// <summary>An entry that has no content yet.</summary>
    public static ArchiveLogEntry Of(Instant instant, string? transition, string path) => new(instant.RequestedTime, path, new Dictionary<string, object?>
    {
        ["commitTime"] = instant.RequestedTime,
        ["actionType"] = instant.Action,
        ["actionState"] = instant.State.ToString().ToUpperInvariant(),
        ["stateTransitionTime"] = transition,
    });

    /// <summary>Adds what an instant's file of that state held, where the archive has a field for it (MetadataConversionUtils.createMetaWrapper).</summary>
    public void Add(string action, InstantState state, ReadOnlyMemory<byte> content, string root)
    {
        if (FieldOf(action, state) is { } field && (!content.IsEmpty || field == CommitMetadata))
        {
            Fields[field] = content.IsEmpty ? new Dictionary<string, object?> { ["partitionToWriteStats"] = new Dictionary<string, object?>(), ["extraMetadata"] = new Dictionary<string, object?>(), ["compacted"] = false }
                : AvroFile.IsAvro(content.Span) ? AvroValue.Read(content.Span)
                : FromJson(content, root);
        }
    }

    private static string? FieldOf(string action, InstantState state) => (action, state) switch
    {
        (Actions.Commit or Actions.DeltaCommit, _) => CommitMetadata,
        (Actions.Clean, InstantState.Completed) => "hoodieCleanMetadata",
        (Actions.Clean, _) => "hoodieCleanerPlan",
        (Actions.Compaction or Actions.LogCompaction, InstantState.Requested) => "hoodieCompactionPlan",
        (Actions.ReplaceCommit, InstantState.Completed) => "hoodieReplaceCommitMetadata",
        (Actions.ReplaceCommit, InstantState.Inflight) => "HoodieInflightReplaceMetadata",
        (Actions.ReplaceCommit, _) => "hoodieRequestedReplaceMetadata",
        (Actions.Rollback, InstantState.Completed) => "hoodieRollbackMetadata",
        _ => null,
    };

    private object? FromJson(ReadOnlyMemory<byte> content, string root)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return AvroEncoder.FromJson(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the instant cannot be archived: " + e.Message, root, Path, RequestedTime, "Restore the file", e);
        }
    }
}
