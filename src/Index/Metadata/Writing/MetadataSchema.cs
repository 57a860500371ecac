using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The schema of a metadata table's records without the five meta fields, as the metadata of its commits have it; files have it with them.</summary>
internal static class MetadataSchema
{
    private const string Fields = "\"fields\":[";
    private const string FirstField = "{\"name\":\"key\"";

    private const string MetaFields =
        """
        {"name":"_hoodie_commit_time","type":["null","string"],"doc":"","default":null},{"name":"_hoodie_commit_seqno","type":["null","string"],"doc":"","default":null},{"name":"_hoodie_record_key","type":["null","string"],"doc":"","default":null},{"name":"_hoodie_partition_path","type":["null","string"],"doc":"","default":null},{"name":"_hoodie_file_name","type":["null","string"],"doc":"","default":null},
        """;

    /// <summary>That of the oldest release whose tables have the version: later ones read it, and what it lacks is of no use there.</summary>
    public static string Of(TableConfig config)
    {
        var schema = config.Version switch
        {
            6 => MetadataSchemas.Hudi015,
            8 => MetadataSchemas.Hudi10,
            _ => MetadataSchemas.Newest,
        };
        int at = schema.IndexOf(Fields, StringComparison.Ordinal) + Fields.Length;
        return schema[..at] + schema[schema.IndexOf(FirstField, StringComparison.Ordinal)..];
    }

    /// <summary>As files have it: the meta fields are there, though hoodie.populate.meta.fields is false, and null.</summary>
    public static string WithMetaFields(string schema)
    {
        int at = schema.IndexOf(Fields, StringComparison.Ordinal);
        return at >= 0
            ? schema.Insert(at + Fields.Length, MetaFields)
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, "the schema of the metadata table's records has no fields");
    }
}
