namespace OllaLab.Lakehouse.Text;

/// <summary>How JSON lines are read.</summary>
internal sealed record JsonLinesOptions : LineOptions
{
    public const int MaxDepth = 64;

    public static JsonLinesOptions Default { get; } = new();
}
