namespace OllaLab.Lakehouse.Writing;

/// <summary>The partition paths that a write touches, numbered in the order they are met.</summary>
internal sealed class PartitionPaths
{
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly List<string> paths = [];

    public int Count => paths.Count;

    public string this[int ordinal] => paths[ordinal];

    public IReadOnlyList<string> All => paths;

    public int Ordinal(string path)
    {
        if (!ordinals.TryGetValue(path, out var ordinal))
        {
            ordinal = paths.Count;
            ordinals.Add(path, ordinal);
            paths.Add(path);
        }

        return ordinal;
    }
}
