using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// Schema-on-read evolution (hoodie.schema.on.read.enable): columns are renamed and changed by id, and files keep the old names. Read by name, a renamed column would come out null,
/// so a table whose commits carry such a schema is refused.
/// </summary>
internal static class SchemaOnRead
{
    private const string SchemaKey = "latest_schema";

    public static void Refuse(TableState state, CommitMetadata? latest)
    {
        if (latest is not null && latest.ExtraMetadata.TryGetValue(SchemaKey, out var schema) && schema.Length > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                "The table's columns were changed by schema-on-read evolution (a commit carries latest_schema), which this engine does not follow",
                state.Store.Root,
                remedy: "Read it with Apache Hudi, or rewrite it there into a table of its present schema");
        }
    }
}
