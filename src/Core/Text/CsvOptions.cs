namespace OllaLab.Lakehouse.Text;

/// <summary>How CSV is read and written.</summary>
internal sealed record CsvOptions : LineOptions
{
    public static CsvOptions Default { get; } = new();

    /// <summary>Between fields. One ASCII character that is neither a quote nor a line end. Default comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The delimiter as a byte.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: not a character that can stand between fields.</exception>
    internal byte DelimiterByte => Delimiter is > '\0' and < '\x80' and not ('"' or '\n' or '\r')
        ? (byte)Delimiter
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The CSV delimiter U+{(int)Delimiter:X4} cannot be used", remedy: "Give one ASCII character that is no quote and no line end");
}
