using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>Real Apache Hudi behind one JSON object a line, shared by the tests of a process, where the variable HUDI_ORACLE names it.</summary>
public sealed class Oracle
{
    // A process of Hudi 1.2 can write no more statistics ("Index 9 out of bounds for length 7") once its cache of schemas (AvroSchemaCache) has another instance of the metadata table's than
    // HoodieMetadataPayload, which compares by reference: after 1 024 schemas, of which most requests bring a few, or where something else came across it first.
    private const int RequestsOfAProcess = 300;

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
        if (ready is null || !ready.Contains("ready", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The oracle did not start: {ready}");
        }

        WriteFirst(process);
        return process;
    }

    // A table of its own, whose metadata table makes HoodieMetadataPayload the first to come across its schema.
    private static void WriteFirst(Process process)
    {
        var folder = Directory.CreateTempSubdirectory("lakehouse-oracle-");
        try
        {
            var input = Path.Combine(folder.FullName, "in.jsonl");
            File.WriteAllText(input, "{\"id\":\"a\",\"ts\":1}\n");
            process.StandardInput.WriteLine(new JsonObject
            {
                ["op"] = "write", ["table"] = Path.Combine(folder.FullName, "t"), ["operation"] = "upsert", ["mode"] = "append", ["input"] = input, ["schema"] = "id string, ts bigint",
                ["options"] = new JsonObject { ["hoodie.table.name"] = "t", ["hoodie.datasource.write.recordkey.field"] = "id", ["hoodie.table.ordering.fields"] = "ts", ["hoodie.metadata.index.column.stats.enable"] = "true" },
            }.ToJsonString());
            process.StandardInput.Flush();
            var answer = process.StandardOutput.ReadLine();
            if (answer?.Contains("\"error\"", StringComparison.Ordinal) != false)
            {
                throw new InvalidOperationException($"The oracle cannot write: {answer}");
            }
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
