namespace OllaLab.Lakehouse.Text;

/// <summary>A value that its column cannot take. Never leaves this folder: the reader adds line and field and throws a <see cref="LakehouseException"/>.</summary>
internal sealed class TextValueException(string problem, string? remedy = null) : Exception(problem)
{
    public string? Remedy { get; } = remedy;
}
