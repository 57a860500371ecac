namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option hoodie.metadata.enable=false</c>: the table's metadata table is dropped, as Hudi does.</summary>
internal static class MetadataOption
{
    private const string Key = "hoodie.metadata.enable";

    /// <summary>For a command that knows no other option.</summary>
    public static bool Drops(Dictionary<string, string> pairs, string command)
    {
        var drops = Take(pairs);
        return pairs.Count == 0 ? drops : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to {command}");
    }

    /// <summary>Takes it out of the pairs.</summary>
    public static bool Take(Dictionary<string, string> pairs) => pairs.Remove(Key, out var enable) && !WriteProperties.Boolean(Key, enable);
}
