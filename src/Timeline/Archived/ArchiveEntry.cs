using Avro;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>An entry of a version 6 archive (HoodieArchivedMetaEntry): a file that an instant had, in one of its states.</summary>
internal static class ArchiveEntry
{
    private const string Completed = "COMPLETED";

    /// <summary>The instant, where the entry is of a completed file; null for requested and inflight ones. Very old entries have no state, and are of completed files.</summary>
    public static ArchivedInstant? Read(ReadOnlySpan<byte> bytes, RecordSchema schema, bool withContent)
    {
        var reader = new AvroReader(bytes);
        CommitMetadata? commit = null;
        CleanMetadata? clean = null;
        string? time = null, action = null, completion = null;
        string state = Completed;
        foreach (var field in schema.Fields)
        {
            var type = field.Schema is UnionSchema union ? AvroValue.Branch(union, ref reader) : field.Schema;
            switch (field.Name)
            {
                case "hoodieCommitMetadata" or "hoodieReplaceCommitMetadata" when withContent && type is RecordSchema record:
                    commit = CommitMetadataAvroReader.Read(record, ref reader);
                    break;
                case "hoodieCleanMetadata" when withContent && type is RecordSchema:
                    clean = CleanMetadata.From(AvroValue.Decode(type, ref reader) as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>());
                    break;
                case "commitTime" when type.Tag == Schema.Type.String:
                    time = reader.String();
                    break;
                case "actionType" when type.Tag == Schema.Type.String:
                    action = reader.String();
                    break;
                case "actionState" when type.Tag == Schema.Type.String:
                    state = reader.String();
                    break;
                case "stateTransitionTime" when type.Tag == Schema.Type.String:
                    completion = reader.String();
                    break;
                default:
                    AvroValue.Skip(type, ref reader);
                    break;
            }
        }

        if (time is null || action is null)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "an entry of the archive names no instant");
        }

        return state == Completed
            ? new ArchivedInstant(new Instant(time, action, InstantState.Completed, completion) { IsLegacy = true }) { Commit = commit, Clean = clean }
            : null;
    }
}
