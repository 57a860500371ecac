using System.Text;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>Progress is for people who watch standard error, and for nobody else.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly TableFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false, "--json")]
    [InlineData(true, false, "--quiet")]
    [InlineData(false, false)]
    public async Task A_write_shows_its_progress_on_a_terminal_only(bool terminal, bool shown, params string[] more)
    {
        await TableCommandTests.Create(folder);
        var error = await RunAsync(terminal, standardTerminal: false, TableCommandTests.Row("a", 1), ["write", folder.Table, "--input", "-", .. more]);
        Assert.Equal(shown, error.Contains('\r', StringComparison.Ordinal));
        Assert.Equal(shown, error.Contains(" rows", StringComparison.Ordinal) && error.StartsWith("\r", StringComparison.Ordinal));
        if (shown)
        {
            // Wiped out before the message that stays.
            Assert.StartsWith("Commit ", error[(error.LastIndexOf('\r') + 1)..]);
        }
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public async Task A_read_shows_its_progress_where_its_rows_go_elsewhere(bool terminal, bool standardTerminal, bool shown)
    {
        await TableCommandTests.Create(folder);
        await Cli.DoAsync(TableCommandTests.Row("a", 1), "write", folder.Table, "--input", "-");
        var error = await RunAsync(terminal, standardTerminal, "", ["read", folder.Table, "--format", "csv"]);
        Assert.Equal(shown, error.StartsWith("\rReading: ", StringComparison.Ordinal));
        Assert.Equal(shown, error.Length > 0);
    }

    [Theory]
    [InlineData(0, 10, " [........................] 0 %")]
    [InlineData(5, 10, " [############............] 50 %")]
    [InlineData(11, 10, " [########################] 100 %")]
    [InlineData(7, 0, "")]
    public void A_bar_is_as_long_as_what_is_done(long done, long total, string bar) => Assert.Equal(bar, ProgressLine.Bar(done, total));

    private static async Task<string> RunAsync(bool terminal, bool standardTerminal, string input, string[] args)
    {
        var error = new StringWriter();
        var context = new CommandContext(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), () => new MemoryStream(), error)
        {
            IsTerminal = standardTerminal,
            IsErrorTerminal = terminal,
            Patience = TimeSpan.Zero,
        };
        Assert.Equal(0, await CommandLine.RunAsync(args, context));
        return error.ToString();
    }
}
