using System.CommandLine;
using System.Globalization;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>
/// One line on standard error that says how far a command is, for people: written over a few times a second from a thread of its own, and wiped out at the end. Not there where
/// standard error is no terminal, nor with --json or --quiet.
/// </summary>
internal sealed class ProgressLine : IAsyncDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly TextWriter error;
    private readonly TimeProvider clock = LakehouseEnvironment.System.Clock;
    private readonly CancellationTokenSource stop = new();
    private readonly Task showing;
    private int width;

    private ProgressLine(CommandContext context, Func<string> text)
    {
        error = context.Error;
        showing = Task.Run(() => ShowAsync(text, context.Patience));
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="common">Its options.</param>
    /// <param name="context">Where to.</param>
    /// <param name="text">The line as it is to be now; asked for from another thread.</param>
    /// <returns>Disposed when the command is done; null where nobody looks.</returns>
    public static ProgressLine? Start(ParseResult parsed, CommonOptions common, CommandContext context, Func<string> text) =>
        context.IsErrorTerminal && !parsed.GetValue(common.Json) && !parsed.GetValue(common.Quiet) ? new ProgressLine(context, text) : null;

    /// <summary>Runs a service and says meanwhile what it does, and where it writes files the rows in them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="common">Its options.</param>
    /// <param name="context">Where to.</param>
    /// <param name="what">What the service does.</param>
    /// <param name="run">The service.</param>
    /// <param name="resources">What the table was opened with; null: no files with rows are written.</param>
    public static async Task<T> OfServiceAsync<T>(ParseResult parsed, CommonOptions common, CommandContext context, string what, Func<Task<T>> run, LakehouseOptions? resources = null)
    {
        await using (Start(parsed, common, context, () => resources?.Write.Progress is { Written: > 0 } progress ? $"{what}: {Rows(progress.Written)} in new files" : what))
        {
            return await run();
        }
    }

    /// <summary>A count of rows.</summary>
    public static string Rows(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows");

    /// <summary>A bar, where it is known how much there is.</summary>
    public static string Bar(long done, long total)
    {
        if (total <= 0)
        {
            return string.Empty;
        }

        var share = Math.Clamp((double)done / total, 0, 1);
        var full = (int)(share * BarWidth);
        return string.Create(CultureInfo.InvariantCulture, $" [{new string('#', full)}{new string('.', BarWidth - full)}] {(int)(share * 100)} %");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await showing;
        if (width > 0)
        {
            error.Write($"\r{new string(' ', width)}\r");
        }

        stop.Dispose();
    }

    private async Task ShowAsync(Func<string> text, TimeSpan patience)
    {
        var started = clock.GetTimestamp();
        try
        {
            for (var wait = patience; ; wait = Period)
            {
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, clock, stop.Token);
                }

                var line = string.Create(CultureInfo.InvariantCulture, $"{text()}, {clock.GetElapsedTime(started).TotalSeconds:0} s");
                error.Write("\r" + line.PadRight(width));
                width = Math.Max(width, line.Length);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
