namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TableFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cli-").FullName;

    public string Table => Path.Combine(Root, "trips");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
