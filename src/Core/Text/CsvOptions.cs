namespace OllaLab.Lakehouse.Text;

/// <summary>How CSV is read and written.</summary>
internal sealed record CsvOptions
{
    public static CsvOptions Default { get; } = new();

    /// <summary>Between fields. One ASCII character that is neither a quote nor a line end. Default comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Rows of a batch at most. Default 16 384.</summary>
    public int BatchRows { get; init; } = 16_384;

    /// <summary>A batch ends once so many bytes of text went into it. Default 32 MiB.</summary>
    public int BatchBytes { get; init; } = 32 << 20;

    /// <summary>A longer record is refused; usually a quote that is not closed. Default 64 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 64 << 20;

    /// <summary>Columns of the file that are passed over; any other that the schema does not have is an error.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>The input's name in error messages, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The delimiter as a byte.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: not a character that can stand between fields.</exception>
    internal byte DelimiterByte => Delimiter is > '\0' and < '\x80' and not ('"' or '\n' or '\r')
        ? (byte)Delimiter
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The CSV delimiter U+{(int)Delimiter:X4} cannot be used", remedy: "Give one ASCII character that is no quote and no line end");
}
