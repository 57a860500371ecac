using Apache.Arrow;

namespace OllaLab.Lakehouse.Simulation;

internal static class Reader
{
    /// <summary>The rows as sorted text, now or as of an instant.</summary>
    public static async Task<string> ReadAsync(LakehouseTable table, string? asOf = null, string[]? columns = null)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = columns ?? ["id", "part", "w"], AsOf = asOf }))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    rows.Add(string.Join(' ', Enumerable.Range(0, batch.ColumnCount).Select(c => ((StringArray)batch.Column(c)).GetString(i))));
                }
            }
        }

        return string.Join('\n', rows.Order(StringComparer.Ordinal));
    }
}
