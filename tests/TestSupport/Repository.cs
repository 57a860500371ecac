using System.Text.Json;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>The vectors and goldens under tests/, found from the test's own assembly upwards.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Goldens => Path.Combine(Root, "tests", "goldens");

    public static IEnumerable<JsonElement> Vectors(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Root, "tests", "vectors", file)))
        {
            if (line.Length > 0)
            {
                yield return JsonDocument.Parse(line).RootElement;
            }
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "OllaLab.Lakehouse.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
