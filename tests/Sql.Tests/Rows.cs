using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>Rows as JSON lines, sorted, so that two answers can be held against each other.</summary>
internal static class Rows
{
    /// <param name="batches">Disposed here.</param>
    /// <param name="schema">The table's, for the names and order of the columns; the values are written by their own types.</param>
    public static async Task<List<string>> LinesAsync(IAsyncEnumerable<RecordBatch> batches, Schema? schema = null)
    {
        using var output = new MemoryStream();
        await foreach (var batch in batches)
        {
            using (batch)
            {
                if (schema is not null)
                {
                    Assert.Equal(schema.FieldsList.Select(f => f.Name), batch.Schema.FieldsList.Select(f => f.Name));
                }

                await using var writer = new JsonLinesWriter(output, batch.Schema);
                await writer.WriteAsync(batch);
            }
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Keys sorted, as in the goldens.</summary>
    public static List<string> Canonical(IEnumerable<string> lines) => [.. lines.Where(l => l.Length > 0).Select(l => Sorted(JsonNode.Parse(l))!.ToJsonString()).Order(StringComparer.Ordinal)];

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value?.DeepClone())))),
        JsonArray a => new JsonArray([.. a.Select(i => Sorted(i?.DeepClone()))]),
        // Java writes 1.0E7 where .NET writes 10000000.
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number && v.ToJsonString().AsSpan().IndexOfAny('.', 'E') >= 0 => JsonValue.Create(v.GetValue<double>()),
        _ => node?.DeepClone(),
    };
}
