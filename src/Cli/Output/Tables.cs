using System.Text;
using Spectre.Console;
using Cell = Spectre.Console.Text;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>Tables for people. The only place that loads Spectre.Console.</summary>
internal static class Tables
{
    // Wider than any terminal, so that a redirected table is not wrapped in the middle of words.
    private const int RedirectedWidth = 100_000;

    public static async ValueTask WriteAsync(Stream stream, string[] columns, List<string[]> rows, CancellationToken cancellationToken)
    {
        var text = new System.IO.StringWriter();
        var redirected = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        console.Profile.Width = redirected ? RedirectedWidth : Math.Max(40, AnsiConsole.Profile.Width);
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Cell(column, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Cell(cell)));
        }

        if (columns.Length > 0)
        {
            console.Write(table);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }
}
