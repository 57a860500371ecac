namespace OllaLab.Lakehouse.Logs;

/// <summary>What a block of a log file holds (HoodieLogBlock.HoodieLogBlockType; the numbers are those in files).</summary>
internal enum LogBlockType
{
    /// <summary>An instruction to readers: roll an instant's blocks back.</summary>
    Command = 0,

    /// <summary>Keys of deleted records.</summary>
    Delete = 1,

    /// <summary>A stretch of bytes that is no whole block; made by the reader, never written.</summary>
    Corrupt = 2,

    /// <summary>Records in Avro's binary encoding.</summary>
    AvroData = 3,

    /// <summary>Records in an HFile.</summary>
    HFileData = 4,

    /// <summary>Records in a Parquet file.</summary>
    ParquetData = 5,

    /// <summary>Changes of records, before and after, in Avro.</summary>
    CdcData = 6,
}
