namespace OllaLab.Lakehouse.Schemas;

/// <summary>The columns that Hudi puts before the data columns, all optional strings, always in this order (HoodieRecord.HOODIE_META_COLUMNS).</summary>
internal static class MetaColumns
{
    public const string CommitTime = "_hoodie_commit_time";
    public const string CommitSeqno = "_hoodie_commit_seqno";
    public const string RecordKey = "_hoodie_record_key";
    public const string PartitionPath = "_hoodie_partition_path";
    public const string FileName = "_hoodie_file_name";

    public static readonly string[] Names = [CommitTime, CommitSeqno, RecordKey, PartitionPath, FileName];

    public static bool Contains(string name) => Array.IndexOf(Names, name) >= 0;
}
