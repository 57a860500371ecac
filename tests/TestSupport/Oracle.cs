using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>Real Apache Hudi behind one JSON object a line, started once for each test process where the variable HUDI_ORACLE names it.</summary>
public sealed class Oracle
{
    private static readonly Lazy<Oracle?> Shared = new(Start);
    private readonly Process process;
    private readonly Lock gate = new();

    private Oracle(Process process) => this.process = process;

    /// <summary>Null where HUDI_ORACLE is not set: the test is to be skipped, loudly.</summary>
    public static Oracle? Instance => Shared.Value;

    /// <summary>Asks; a refusal is an exception with Hudi's reasons.</summary>
    public JsonElement Ask(JsonObject request)
    {
        lock (gate)
        {
            process.StandardInput.WriteLine(request.ToJsonString());
            process.StandardInput.Flush();
            var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The oracle ended.");
            var answer = JsonDocument.Parse(line).RootElement;
            return answer.TryGetProperty("ok", out var ok) && !ok.GetBoolean()
                ? throw new InvalidOperationException($"Hudi refused {request.ToJsonString()}: {answer.GetProperty("error")}")
                : answer;
        }
    }

    /// <summary>The rows that Hudi reads, one JSON object each.</summary>
    public JsonElement[] Read(string table, string query = "snapshot", JsonObject? more = null)
    {
        var request = new JsonObject { ["op"] = "read", ["table"] = table, ["query"] = query };
        foreach (var (key, value) in more ?? [])
        {
            request[key] = value?.DeepClone();
        }

        return Ask(request).GetProperty("data").EnumerateArray().ToArray();
    }

    private static Oracle? Start()
    {
        var path = Environment.GetEnvironmentVariable("HUDI_ORACLE");
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        var process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var ready = process.StandardOutput.ReadLine();
        return ready is not null && ready.Contains("ready", StringComparison.Ordinal) ? new Oracle(process) : throw new InvalidOperationException($"The oracle did not start: {ready}");
    }
}
