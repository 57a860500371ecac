using System.Text;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Tests.Compactions;

/// <summary>The rows of a query as sorted JSON lines, meta columns and all but the name of the file that they lie in.</summary>
internal static class TableRows
{
    public static async Task<IReadOnlyList<string>> ReadAsync(LakehouseTable table, ReadOptions? options = null)
    {
        var schema = await table.GetSchemaAsync(options);
        var wanted = new ReadOptions
        {
            AsOf = options?.AsOf,
            Begin = options?.Begin,
            End = options?.End,
            ReadOptimized = options?.ReadOptimized ?? false,
            Columns = [.. schema.FieldsList.Select(f => f.Name).Where(n => n != MetaColumns.FileName)],
        };
        using var text = new MemoryStream();
        await using (var writer = new JsonLinesWriter(text, await table.GetSchemaAsync(wanted)))
        {
            await foreach (var batch in table.ReadAsync(wanted))
            {
                using (batch)
                {
                    await writer.WriteAsync(batch);
                }
            }
        }

        return [.. Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }
}
