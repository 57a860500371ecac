using System.Text.Json.Nodes;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>Real Hudi on a table: it reads as many rows, and finds the metadata table right.</summary>
internal static class HudiCheck
{
    public static void Validate(string folder, int rows)
    {
        var oracle = Oracle.Instance!;
        Assert.Equal(rows, oracle.Read(folder).Length);
        Assert.Empty(oracle.Ask(new JsonObject { ["op"] = "validate", ["table"] = folder }).GetProperty("problems").EnumerateArray());
    }
}
