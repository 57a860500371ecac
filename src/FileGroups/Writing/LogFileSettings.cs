using OllaLab.Lakehouse.Logs;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>How log files are laid out.</summary>
internal sealed record LogFileSettings
{
    /// <summary>Form of the rows: Avro or Parquet (hoodie.logfile.data.block.format).</summary>
    public LogBlockType DataBlock { get; init; } = LogBlockType.AvroData;

    /// <summary>Bytes at which a log file is closed and another begun (hoodie.logfile.max.size).</summary>
    public long MaxFileSize { get; init; } = 1L << 30;

    /// <summary>Arrow bytes of the rows of one block at most (hoodie.logfile.data.block.max.size); a block is also never larger than what one row group may take of the memory.</summary>
    public long MaxBlockSize { get; init; } = 256L << 20;

    /// <summary>Whether blocks say which rows of the base file their rows replace (hoodie.write.record.positions); only from version 8 on.</summary>
    public bool Positions { get; init; } = true;
}
