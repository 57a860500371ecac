namespace OllaLab.Lakehouse.Text;

/// <summary>What reading takes that all text formats of lines have in common.</summary>
internal abstract record LineOptions
{
    /// <summary>Rows of a batch at most. Default 16 384.</summary>
    public int BatchRows { get; init; } = 16_384;

    /// <summary>A batch ends once so many bytes of text went into it. Default 32 MiB.</summary>
    public int BatchBytes { get; init; } = 32 << 20;

    /// <summary>A longer line is refused; in CSV a record, usually for a quote that is not closed. Default 64 MiB.</summary>
    public int MaxLineBytes { get; init; } = 64 << 20;

    /// <summary>Columns of the input that are passed over; any other that the schema does not have is an error.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>The input's name in error messages, or null.</summary>
    public string? Source { get; init; }
}
