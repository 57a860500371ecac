namespace OllaLab.Lakehouse.Timelines;

/// <summary>Values of operationType in commit metadata (WriteOperationType).</summary>
internal static class WriteOperations
{
    public const string Insert = "INSERT";
    public const string Upsert = "UPSERT";
    public const string Delete = "DELETE";
    public const string BulkInsert = "BULK_INSERT";
    public const string Compact = "COMPACT";
    public const string LogCompact = "LOG_COMPACT";
    public const string Cluster = "CLUSTER";
    public const string InsertOverwrite = "INSERT_OVERWRITE";
    public const string InsertOverwriteTable = "INSERT_OVERWRITE_TABLE";
    public const string DeletePartition = "DELETE_PARTITION";
    public const string AlterSchema = "ALTER_SCHEMA";
    public const string Index = "INDEX";

    /// <summary>Services rewrite rows in whatever schema they find: theirs is not the table's (WriteOperationType.canUpdateSchema).</summary>
    public static bool CanUpdateSchema(string? operation) => operation is not (Cluster or Compact or LogCompact or Index);
}
