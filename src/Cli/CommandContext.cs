namespace OllaLab.Lakehouse.Cli;

/// <summary>What a command reads from and writes to. Results go to standard output, messages to standard error.</summary>
/// <param name="OpenInput">Standard input, opened when it is asked for.</param>
/// <param name="OpenOutput">Standard output, for bytes.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandContext(Func<Stream> OpenInput, Func<Stream> OpenOutput, TextWriter Error)
{
    /// <summary>Whether people look at the output, so that tables and progress make sense.</summary>
    public bool IsTerminal { get; init; } = !Console.IsOutputRedirected;

    /// <summary>Whether people look at the messages, so that progress makes sense.</summary>
    public bool IsErrorTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>How long a command may be silent before it shows progress.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);
}
