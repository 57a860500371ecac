using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Holds what a secondary index says against the rows that readers see: an entry for each value with its key.</summary>
internal static class SecondaryIndexCheck
{
    /// <param name="store">The table.</param>
    /// <param name="index">The metadata table's partition.</param>
    /// <param name="column">A column of texts or numbers.</param>
    /// <param name="where">For messages.</param>
    public static async Task RunAsync(IObjectStore store, string index, string column, string where)
    {
        await using var table = await LakehouseTable.OpenAsync(store);
        var state = await table.RefreshAsync();
        var metadata = (await state.GetMetadataAsync())!;
        var said = new List<string>();
        await foreach (var record in metadata.ReadAsync(index, default))
        {
            said.Add(record.Key);
        }

        await using var plain = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
        var stored = new HashSet<string>();
        await foreach (var batch in plain.ReadAsync(new ReadOptions { Columns = [MetaColumns.RecordKey, column] }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    var value = batch.Column(1).IsNull(row) ? null : batch.Column(1) switch
                    {
                        StringArray texts => texts.GetString(row),
                        Int64Array numbers => numbers.GetValue(row).ToString(),
                        var other => ((Int32Array)other).GetValue(row).ToString(),
                    };
                    stored.Add(SecondaryKeys.Make(value, ((StringArray)batch.Column(0)).GetString(row)));
                }
            }
        }

        Assert.True(
            stored.Order(StringComparer.Ordinal).SequenceEqual(said.Order(StringComparer.Ordinal)),
            $"{where}: {index} lacks {string.Join(", ", stored.Except(said))}; has besides {string.Join(", ", said.Except(stored))}");

        // Each is found by its value: it lies in the file group that the value's hash names.
        foreach (var group in stored.Select(SecondaryKeys.Split).GroupBy(s => s.Value))
        {
            Assert.Equal(group.Select(g => g.RecordKey).Order(StringComparer.Ordinal), (await metadata.FindRecordKeysAsync(index, group.Key, default)).Order(StringComparer.Ordinal));
        }

        var found = await metadata.FindAsync(index, said, default);
        Assert.Equal(said.Count, found.Count);
    }
}
