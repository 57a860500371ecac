using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>Real Apache Hudi behind one JSON object a line, shared by the tests of a process, where the variable HUDI_ORACLE names it.</summary>
public sealed class Oracle
{
    // A process of Hudi 1.2 that has met 1 024 schemas can write no more statistics: its cache of schemas (AvroSchemaCache) forgets the metadata table's, which HoodieMetadataPayload.getInsertValue
    // compares by reference ("Index 9 out of bounds for length 7"). Most requests bring a few.
    private const int RequestsOfAProcess = 200;

    private static readonly Lazy<Oracle?> Shared = new(() => Environment.GetEnvironmentVariable("HUDI_ORACLE") is { Length: > 0 } path ? new Oracle(path) : null);
    private readonly string path;
    private readonly Lock gate = new();
    private Process process;
    private int asked;

    private Oracle(string path)
    {
        this.path = path;
        process = Start(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
    }

    /// <summary>Null where HUDI_ORACLE is not set: the test is to be skipped, loudly.</summary>
    public static Oracle? Instance => Shared.Value;

    /// <summary>At the beginning of a test that has settings or tables in Hudi's session: it finds none of another's.</summary>
    public void Reset()
    {
        lock (gate)
        {
            if (asked < RequestsOfAProcess)
            {
                Ask(new JsonObject { ["op"] = "sql", ["sql"] = "reset" });
                return;
            }

            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
            process = Start(path);
            asked = 0;
        }
    }

    /// <summary>Asks; a refusal is an exception with Hudi's reasons.</summary>
    public JsonElement Ask(JsonObject request)
    {
        lock (gate)
        {
            asked++;
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

    private static Process Start(string path)
    {
        var process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var ready = process.StandardOutput.ReadLine();
        return ready is not null && ready.Contains("ready", StringComparison.Ordinal) ? process : throw new InvalidOperationException($"The oracle did not start: {ready}");
    }
}
