using System.CommandLine;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>The options of commands that give rows.</summary>
internal sealed class OutputOptions
{
    public Option<string?> Format { get; } = new("--format") { Description = $"{OutputFormats.Names}; default: by the name of --out, else a table on a terminal and jsonl elsewhere", HelpName = "FORMAT" };

    public Option<string?> Out { get; } = new("--out") { Description = "Write to a file instead of standard output", HelpName = "FILE" };

    public Option<char> Delimiter { get; } = new("--delimiter") { Description = "Between the fields of CSV; default: a comma", HelpName = "CHARACTER", DefaultValueFactory = _ => ',' };

    public Option<long?> Limit { get; } = new("--limit") { Description = "At most so many rows", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Add(Limit);
        command.Add(Format);
        command.Add(Out);
        command.Add(Delimiter);
    }

    public RowOutput Read(ParseResult parsed, CommonOptions common, CommandContext context)
    {
        var limit = parsed.GetValue(Limit);
        if (limit < 0)
        {
            throw new UsageException("--limit must not be negative");
        }

        var file = parsed.GetValue(Out);
        var format = OutputFormats.Choose(parsed.GetValue(Format), parsed.GetValue(common.Json), file, context.IsTerminal);

        // Rows that go to the terminal show by themselves how far they are.
        var watched = file is not (null or Files.Standard) || !context.IsTerminal;
        return new RowOutput(format, file, parsed.GetValue(Delimiter), limit, text => watched ? ProgressLine.Start(parsed, common, context, text) : null);
    }
}
