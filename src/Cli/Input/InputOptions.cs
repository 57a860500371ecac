using System.CommandLine;

namespace OllaLab.Lakehouse.Cli.Input;

/// <summary>The options of commands that take rows.</summary>
internal sealed class InputOptions
{
    public Option<string> File { get; } = new("--input") { Description = "JSON lines, CSV or Parquet; - for standard input", HelpName = "FILE", Required = true };

    public Option<string?> Format { get; } = new("--input-format") { Description = $"{InputFiles.FormatNames}; default: by the name of the file, jsonl for standard input", HelpName = "FORMAT" };

    public Option<char?> Delimiter { get; } = new("--delimiter") { Description = "Between the fields of CSV; default: a comma, a tab for .tsv", HelpName = "CHARACTER" };

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(Format);
        command.Add(Delimiter);
    }

    public (string File, InputFormat Format, char Delimiter) Read(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(File);
        var format = file == Files.Standard && parsed.GetValue(Format) is null ? InputFormat.JsonLines : InputFiles.Choose(parsed.GetValue(Format), file);
        return (file, format, parsed.GetValue(Delimiter) ?? (file.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ','));
    }
}
