namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// The frame of a block (HoodieLogFormat, HoodieLogFormatWriter), numbers big-endian: magic; 8 bytes L, the number of bytes that follow; version; type; header entries; content
/// length; content; footer entries; 8 bytes L + 6. Entries: their number, then key, length and UTF-8 text of each.
/// </summary>
internal static class LogFormat
{
    /// <summary>The version of frames; version 0 of the first releases had neither type nor header.</summary>
    public const int Version = 1;

    /// <summary>The version of Avro and delete content.</summary>
    public const int ContentVersion = 3;

    /// <summary>Magic and L.</summary>
    public const int PrefixLength = 14;

    /// <summary>The length of the magic, which the trailing length counts and L does not.</summary>
    public const int MagicLength = 6;

    /// <summary>L of a block without header entries, content and footer entries.</summary>
    public const int SmallestBlock = 4 + 4 + 4 + 8 + 4 + 8;

    public const string RollbackCommand = "0";

    public static ReadOnlySpan<byte> Magic => "#HUDI#"u8;

    public static LakehouseException Damaged(string path, long start, string problem) =>
        new(LakehouseErrorKind.Corrupt, $"The log block at byte {start} is damaged: {problem}", path: path);

    public static LakehouseException Refused(string path, long start, string problem, string remedy) =>
        new(LakehouseErrorKind.Unsupported, $"The log block at byte {start} {problem}", path: path, remedy: remedy);

    /// <summary>The same error with the block's place filled in.</summary>
    public static LakehouseException At(LogBlock block, LakehouseException error) => error.Path is not null
        ? error
        : new LakehouseException(error.Kind, $"The log block at byte {block.Start} cannot be read: {error.Problem}", path: block.Path, instant: block.InstantTime, remedy: error.Remedy, inner: error);
}
