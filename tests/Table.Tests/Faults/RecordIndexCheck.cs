using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Holds what a table's record index says against the rows that readers see: each key once, in the file group where it is.</summary>
internal static class RecordIndexCheck
{
    public static async Task RunAsync(IObjectStore store, string where)
    {
        await using var table = await LakehouseTable.OpenAsync(store);
        var state = await table.RefreshAsync();
        if (await state.GetMetadataAsync() is not { } metadata || !metadata.Has(MetadataPartitions.RecordIndex))
        {
            return;
        }

        bool isPartitioned = (await IndexDefinitions.ReadAsync(store, default)).Find(MetadataPartitions.RecordIndex)?.IsPartitioned == true;
        var said = new List<string>();
        await foreach (var record in metadata.ReadAsync(MetadataPartitions.RecordIndex, default))
        {
            var entry = Assert.IsType<RecordIndexPayload>(record.Payload);
            said.Add($"{record.Key} in {entry.PartitionPath}/{RecordIndexLocation.FileIdOf(entry)}");
        }

        await using var plain = await LakehouseTable.OpenAsync(store, new LakehouseOptions { UseMetadataTable = false });
        var stored = new HashSet<string>();
        await foreach (var batch in plain.ReadAsync(new ReadOptions { Columns = [MetaColumns.RecordKey, MetaColumns.PartitionPath, MetaColumns.FileName] }))
        {
            using (batch)
            {
                string Text(int column, int row) => ((StringArray)batch.Column(column)).GetString(row);
                for (int row = 0; row < batch.Length; row++)
                {
                    // Rows of logs name the file group only.
                    stored.Add($"{Text(0, row)} in {Text(1, row)}/{Text(2, row).Split('_')[0]}");
                }
            }
        }

        Assert.True(
            stored.Order(StringComparer.Ordinal).SequenceEqual(said.Order(StringComparer.Ordinal)),
            $"{where}: the {(isPartitioned ? "partitioned" : "global")} record index lacks {string.Join(", ", stored.Except(said))}; has besides {string.Join(", ", said.Except(stored))}; twice {string.Join(", ", said.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => g.Key))}");
    }
}
