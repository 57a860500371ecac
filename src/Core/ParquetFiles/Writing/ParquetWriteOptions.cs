using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>How a Parquet file is written.</summary>
internal sealed record ParquetWriteOptions
{
    public static readonly ParquetWriteOptions Default = new();

    /// <summary>Codec of newly encoded chunks; copied chunks keep theirs. Uncompressed, Snappy, Gzip or Zstd.</summary>
    public ParquetCodec Codec { get; init; } = ParquetCodec.Zstd;

    /// <summary>The codec's level; null for its own default (zstd: 1).</summary>
    public int? CodecLevel { get; init; }

    /// <summary>
    /// Top-level columns (or dotted leaf paths) whose values are unique, so that building a dictionary would be in vain. Default: sequence number and record key.
    /// </summary>
    public IReadOnlyCollection<string> PlainColumns { get; init; } = [MetaColumns.CommitSeqno, MetaColumns.RecordKey];

    /// <summary>Bytes of distinct values past which a column chunk goes on without dictionary. Default 1 MiB, as with Java.</summary>
    public long DictionaryPageLimit { get; init; } = 1 << 20;

    /// <summary>Uncompressed bytes of a data page. Default 1 MiB, as with Java.</summary>
    public long DataPageSize { get; init; } = 1 << 20;
}
