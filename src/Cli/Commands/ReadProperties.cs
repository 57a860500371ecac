using System.CommandLine;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>--option key=value</c> of commands that read, by Hudi's names; what is not known is refused.</summary>
internal static class ReadProperties
{
    private const string MetadataEnable = "hoodie.metadata.enable";

    public static Option<string[]> Option() => CommonOptions.KeyValues("--option", "A read setting by Hudi's own name: " + MetadataEnable + "=false lists folders rather than ask the metadata table");

    public static LakehouseOptions Read(string[]? values)
    {
        var pairs = CommonOptions.Pairs("--option", values);
        bool useMetadata = !pairs.Remove(MetadataEnable, out var text) || (bool.TryParse(text, out bool flag) ? flag : throw new UsageException($"--option {MetadataEnable}: {text} is not true or false"));
        return pairs.Count == 0 ? new LakehouseOptions { UseMetadataTable = useMetadata } : throw new UsageException($"--option: '{pairs.Keys.First()}' is not known to reads");
    }
}
