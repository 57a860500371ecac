using System.Text.Encodings.Web;
using System.Text.Json;

namespace OllaLab.Lakehouse.Cli;

/// <summary>Errors in one line on standard error, as text or JSON; the causes only when asked for.</summary>
internal static class ErrorPrinter
{
    public static int Print(Exception error, CommandContext context, bool json, bool verbose)
    {
        if (error is AggregateException { InnerException: { } only })
        {
            error = only;
        }

        var (line, code) = error switch
        {
            UsageException e => (e.Message + ".", ExitCodes.WrongUsage),
            LakehouseException e => (e.Message, ExitCodes.For(e.Kind)),
            OperationCanceledException => ("Cancelled.", ExitCodes.Failed),
            System.Data.Common.DbException => (error.Message.ReplaceLineEndings(" ").Trim(), ExitCodes.Failed), // DuckDB's own words
            _ => ($"{error.Message.ReplaceLineEndings(" ")} ({error.GetType().Name}; --verbose shows more)", ExitCodes.Failed),
        };
        if (error is BrokenOutputException)
        {
            return ExitCodes.Done; // whoever reads the output has seen enough (| head)
        }

        context.Error.WriteLine(json ? Json(error, line, code) : $"lakehouse: {line}");
        if (verbose)
        {
            context.Error.WriteLine(error.ToString());
        }

        return code;
    }

    private static string Json(Exception error, string line, int code)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("error", line);
            json.WriteNumber("exit_code", code);
            if (error is LakehouseException e)
            {
                json.WriteString("kind", e.Kind.ToString());
                json.WriteString("table", e.Table);
                json.WriteString("file", e.Path);
                json.WriteString("instant", e.Instant);
                json.WriteString("remedy", e.Remedy);
                json.WriteBoolean("transient", e.IsTransient);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>The other end of the output was closed.</summary>
internal sealed class BrokenOutputException(IOException inner) : Exception(inner.Message, inner);
