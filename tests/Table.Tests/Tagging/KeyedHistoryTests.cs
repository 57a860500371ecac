using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Tagging;

/// <summary>Random upserts and deletes with each index that knows where a key is: the table holds what a dictionary does, and each key in one file group.</summary>
public sealed class KeyedHistoryTests
{
    public static TheoryData<IndexType, TableType, bool, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<IndexType, TableType, bool, int, int>();
            foreach (var index in new[] { IndexType.Bucket, IndexType.GlobalSimple, IndexType.GlobalBloom })
            {
                foreach (var type in Enum.GetValues<TableType>())
                {
                    cases.Add(index, type, true, 9, 1);
                    cases.Add(index, type, false, 6, 2);
                    cases.Add(index, type, index == IndexType.Bucket, 8, 3);
                }
            }

            foreach (var type in Enum.GetValues<TableType>())
            {
                cases.Add(IndexType.InMemory, type, true, 9, 6);
                cases.Add(IndexType.GlobalRecordLevel, type, true, 6, 7);
            }

            foreach (var index in new[] { IndexType.GlobalRecordLevel, IndexType.RecordLevel })
            {
                foreach (var type in Enum.GetValues<TableType>())
                {
                    cases.Add(index, type, true, 9, 4);
                    cases.Add(index, type, false, index == IndexType.RecordLevel ? 9 : 8, 5);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_key_is_in_one_file_group(IndexType index, TableType type, bool moves, int version, int seed)
    {
        var random = new Random(seed);
        var store = new MemoryObjectStore("keyed");
        var global = index is not (IndexType.Bucket or IndexType.RecordLevel or IndexType.InMemory);
        var byRecords = index is IndexType.GlobalRecordLevel or IndexType.RecordLevel;
        var properties = new Dictionary<string, string>();
        if (global)
        {
            properties[byRecords ? Indexes.RecordMovesOption : index == IndexType.GlobalBloom ? Indexes.BloomMovesOption : Indexes.SimpleMovesOption] = moves ? "true" : "false";
        }
        else if (index == IndexType.Bucket)
        {
            properties[BucketIndex.CountOption] = "4";
        }

        if (version >= 8 || global)
        {
            // Also with indexes that do not use it.
            properties[global ? MetadataOptions.GlobalRecordIndexKey : MetadataOptions.PartitionedRecordIndexKey] = "true";
            properties["hoodie.metadata.record.index.min.filegroup.count"] = "2";
        }

        await using var table = await LakehouseTable.CreateAsync(
            store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, Index = index, Properties = properties },
            new LakehouseOptions { Threads = 2, ExactMemoryBudget = seed == 3 ? 30_000 : null });
        var model = new Dictionary<string, (string Row, string Partition)>();

        // Where base files hold rows that logs have deleted: there the index finds their keys, as Hudi's does.
        var places = new Dictionary<string, string>();
        for (var step = 0; step < 14; step++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 25)).Select(_ =>
                new Row($"k{random.Next(40):000}", "abc"[random.Next(3)].ToString(), step, $"text {step}", random.Next(1000), random.Next(12) == 0 ? true : null)).ToList();
            var delete = step > 2 && random.Next(4) == 0;
            await table.WriteAsync(
                delete ? WriteOperation.Delete : WriteOperation.Upsert,
                Row.ToBatches(rows, 7).ToAsyncEnumerable(),
                new WriteOptions { SmallFileLimit = random.Next(2) * 100_000, RecordPositions = random.Next(2) == 0 });
            foreach (var row in rows.GroupBy(r => global ? r.Id : r.Part + "/" + r.Id).Select(g => g.Last()))
            {
                var key = global ? row.Id : row.Part + "/" + row.Id;
                if (delete || row.IsDelete)
                {
                    model.Remove(key);
                    _ = (type == TableType.CopyOnWrite || byRecords) && places.Remove(key);
                }
                else
                {
                    places[key] = global && !moves ? places.GetValueOrDefault(key, row.Part) : row.Part;
                    model[key] = ($"{row.Id} {row.Part} {row.Ts} {row.Number}", places[key]);
                }
            }

            if (type == TableType.MergeOnRead && random.Next(4) == 0)
            {
                await table.CompactAsync();
                foreach (var gone in places.Keys.Except(model.Keys).ToList())
                {
                    places.Remove(gone);
                }
            }

            var stored = await ReadAsync(table);
            Assert.Equal(model.Values.Select(v => $"{v.Partition}: {v.Row}").Order(StringComparer.Ordinal), stored.Select(s => $"{s.Partition}: {s.Row}").Order(StringComparer.Ordinal));
            await RecordIndexCheck.RunAsync(store, $"step {step}");
            Assert.All(stored.Where(_ => index == IndexType.Bucket), s => Assert.Equal(BucketIdentifier.BucketId(s.Key, ["id"], 4), BucketIdentifier.BucketOfFile(s.File)));
        }

        await using var fresh = await LakehouseTable.OpenAsync(store);
        var slices = await (await fresh.RefreshAsync()).View.GetAllSlicesAsync();
        Assert.True(index != IndexType.Bucket || slices.GroupBy(s => (s.PartitionPath, s.FileId[..8])).All(g => g.Count() == 1));
    }

    private static async Task<List<(string Key, string Partition, string File, string Row)>> ReadAsync(LakehouseTable table)
    {
        var rows = new List<(string, string, string, string)>();
        await foreach (var batch in table.ReadAsync())
        {
            using (batch)
            {
                string Text(int column, int row) => ((StringArray)batch.Column(column)).GetString(row);
                for (var i = 0; i < batch.Length; i++)
                {
                    rows.Add((Text(2, i), Text(3, i), Text(4, i), $"{Text(5, i)} {Text(6, i)} {((Int64Array)batch.Column(7)).GetValue(i)} {((Int32Array)batch.Column(9)).GetValue(i)}"));
                }
            }
        }

        return rows;
    }
}
