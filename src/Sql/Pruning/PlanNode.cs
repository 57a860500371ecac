using System.Text.Json;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Access to the nodes of a plan as json_serialize_plan writes them. Anything that is not as expected reads as absent, and nothing is concluded from it.</summary>
internal static class PlanNode
{
    public static string Text(this JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    public static bool Is(this JsonElement node, string name, bool expected) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == (expected ? JsonValueKind.True : JsonValueKind.False);

    public static IReadOnlyList<JsonElement> Items(this JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    public static JsonElement Member(this JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) ? value : default;

    public static int? Number(this JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Whether an expression is a column of the node below: its position there.</summary>
    public static int? ColumnIndex(this JsonElement expression) => expression.Text("expression_class") == "BOUND_REF" ? expression.Number("index") : null;
}
