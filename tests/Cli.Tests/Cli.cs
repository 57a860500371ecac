using System.Text;

namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>Runs command lines in this process.</summary>
internal static class Cli
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(string[] args, string input = "")
    {
        var output = new MemoryStream();
        var error = new StringWriter();
        var context = new CommandContext(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), () => output, error) { IsTerminal = false, IsErrorTerminal = false };
        var code = await CommandLine.RunAsync(args, context);
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Runs a command line that must succeed.</summary>
    public static async Task<string> DoAsync(string input, params string[] args)
    {
        var (code, text, error) = await RunAsync(args, input);
        Assert.True(code == 0, error);
        return text;
    }
}
