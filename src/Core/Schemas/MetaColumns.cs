namespace OllaLab.Lakehouse.Schemas;

/// <summary>The columns that Hudi puts before the data columns, all optional strings, always in this order (HoodieRecord.HOODIE_META_COLUMNS).</summary>
internal static class MetaColumns
{
    public const string CommitTime = "_hoodie_commit_time";
    public const string CommitSeqno = "_hoodie_commit_seqno";
    public const string RecordKey = "_hoodie_record_key";
    public const string PartitionPath = "_hoodie_partition_path";
    public const string FileName = "_hoodie_file_name";

    /// <summary>A sixth column, present only in tables written with <c>hoodie.allow.operation.metadata.field</c> (HoodieRecord.OPERATION_METADATA_FIELD).</summary>
    public const string Operation = "_hoodie_operation";

    public static readonly string[] Names = [CommitTime, CommitSeqno, RecordKey, PartitionPath, FileName];

    public static bool Contains(string name) => Array.IndexOf(Names, name) >= 0;

    /// <summary>Whether a column belongs to Hudi, not to the table's data: the five, or the operation.</summary>
    public static bool IsReserved(string name) => name == Operation || Contains(name);
}
