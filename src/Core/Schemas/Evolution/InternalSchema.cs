namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>One version of a table's columns by number (org.apache.hudi.internal.schema.InternalSchema), meta columns included.</summary>
/// <param name="VersionId">The instant, as a number, of the commit that made this version; 0 for what there was before the first change.</param>
/// <param name="MaxColumnId">The greatest number ever given; a new column gets the next one, so that none is given twice.</param>
/// <param name="Root">The columns.</param>
internal sealed record InternalSchema(long VersionId, int MaxColumnId, InternalRecord Root)
{
    /// <summary>Whether columns, numbers and types are the same, whatever the version.</summary>
    public bool HasColumnsOf(InternalSchema other) =>
        ReferenceEquals(this, other) || InternalSchemaJson.Write(this with { VersionId = 0, MaxColumnId = 0 }) == InternalSchemaJson.Write(other with { VersionId = 0, MaxColumnId = 0 });

    /// <summary>The version that a file of an instant was written with: the newest that is not newer (InternalSchemaUtils.searchSchema); null: all are newer.</summary>
    public static InternalSchema? Find(IEnumerable<InternalSchema> versions, long instant) => versions.Where(v => v.VersionId <= instant).MaxBy(v => v.VersionId);
}
