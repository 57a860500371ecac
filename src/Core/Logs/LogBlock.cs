using OllaLab.Lakehouse.Storage;

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

    /// <summary>The content, where it was read with the frame, and the reader was asked to keep it.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

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

    /// <summary>Reads from a place in the content on; as <see cref="IObjectStore.ReadRangeAsync"/> does, up to the content's end.</summary>
    public ValueTask<int> ReadAsync(IObjectStore store, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(ContentLength - offset, 0, destination.Length);
        if (Content is not { } content)
        {
            return count == 0 ? new(0) : store.ReadRangeAsync(Path, ContentStart + offset, destination[..count], cancellationToken);
        }

        content.Slice((int)Math.Min(offset, content.Length), count).CopyTo(destination);
        return new(count);
    }

    /// <summary>An entry of the header, or null.</summary>
    public string? Header(LogHeader header) => Headers.GetValueOrDefault(header);
}
