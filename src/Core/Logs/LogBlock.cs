namespace OllaLab.Lakehouse.Logs;

/// <summary>One block of a log file: what its frame says, and where its content is.</summary>
internal sealed record LogBlock
{
    public required LogBlockType Type { get; init; }

    /// <summary>The log file, relative to the table's root.</summary>
    public required string Path { get; init; }

    /// <summary>Where the block's magic begins.</summary>
    public required long Start { get; init; }

    public required long ContentStart { get; init; }

    public required long ContentLength { get; init; }

    /// <summary>Where the next block begins.</summary>
    public required long End { get; init; }

    /// <summary>What the header says; entries of a later format that this engine has no name for are left out. Empty for a corrupt block.</summary>
    public required IReadOnlyDictionary<LogHeader, string> Headers { get; init; }

    /// <summary>The requested time of the instant that wrote the block; null for a corrupt block.</summary>
    public string? InstantTime => Header(LogHeader.InstantTime);

    /// <summary>The instant that a rollback command is about.</summary>
    public string? TargetInstantTime => Header(LogHeader.TargetInstantTime);

    /// <summary>Whether records have only the columns that were changed.</summary>
    public bool IsPartial => string.Equals(Header(LogHeader.IsPartial), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The instants whose blocks this one replaces, in no order; empty unless a log compaction wrote it.</summary>
    public IReadOnlyList<string> CompactedBlockTimes => Header(LogHeader.CompactedBlockTimes)?.Split(',') ?? [];

    /// <summary>Whether the block holds rows: Avro, HFile, Parquet or CDC.</summary>
    public bool HasRows => Type is LogBlockType.AvroData or LogBlockType.HFileData or LogBlockType.ParquetData or LogBlockType.CdcData;

    /// <summary>An entry of the header, or null.</summary>
    public string? Header(LogHeader header) => Headers.GetValueOrDefault(header);
}
