namespace OllaLab.Lakehouse.Text;

/// <summary>How JSON lines are read.</summary>
internal sealed record JsonLinesOptions
{
    public const int MaxDepth = 64;

    public static JsonLinesOptions Default { get; } = new();

    /// <summary>Rows of a batch at most. Default 16 384.</summary>
    public int BatchRows { get; init; } = 16_384;

    /// <summary>A batch ends once so many bytes of text went into it. Default 32 MiB.</summary>
    public int BatchBytes { get; init; } = 32 << 20;

    /// <summary>A longer line is refused. Default 64 MiB.</summary>
    public int MaxLineBytes { get; init; } = 64 << 20;

    /// <summary>Fields that are passed over; any other field that the schema does not have is an error.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>The input's name in error messages, or null.</summary>
    public string? Source { get; init; }
}
