using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Updates;

/// <summary>Random merges with each index against a dictionary.</summary>
public sealed class MergeModelTests
{
    internal sealed record Merge(IReadOnlyList<Row> Rows, int DeleteBelow, int UpdateBelow, bool SetsOne, int InsertBelow, bool Compacts);

    private static Arbitrary<(int Version, TableType Type, IndexType Index, long? Memory, Merge[] Merges)> Histories => Arb.From(
        from version in Gen.Elements(6, 8, 9)
        from type in Gen.Elements(TableType.CopyOnWrite, TableType.MergeOnRead)
        from index in Gen.Elements(IndexType.Simple, IndexType.Bloom, IndexType.GlobalSimple, IndexType.Bucket, IndexType.RecordLevel, IndexType.GlobalRecordLevel)
        from memory in Gen.Elements<long?>(null, null, 20_000)
        from merges in Gen.ArrayOf(
            from rows in Gen.ListOf(from id in Gen.Choose(0, 40) from part in Gen.Elements("a", "b") from number in Gen.Choose(0, 9) select (id, part, number))
            from delete in Gen.Choose(0, 4)
            from update in Gen.Choose(0, 9)
            from one in Gen.Elements(true, false)
            from insert in Gen.Choose(0, 10)
            from compacts in Gen.Elements(true, false)
            select new Merge([.. rows.DistinctBy(r => r.id).Select(r => new Row($"k{r.id:000}", r.part, 0, "new", r.number, null))], delete, update, one, insert, compacts))
        select (version, type, version == 6 && index is (IndexType.RecordLevel or IndexType.GlobalRecordLevel) ? IndexType.Simple : index, memory, merges.Take(5).ToArray()));

    [Fact]
    public void Any_merges_read_as_the_dictionary_does() => Prop.ForAll(Histories, h => CheckAsync(h.Version, h.Type, h.Index, h.Memory, h.Merges).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
        .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 25));

    private static async Task CheckAsync(int version, TableType type, IndexType index, long? memory, Merge[] merges)
    {
        var store = new MemoryObjectStore("merges");
        var options = new TableOptions
        {
            Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, Properties = Properties(index),
        };
        var write = new WriteOptions { Index = index, AutoClean = false };
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, options, new LakehouseOptions { ExactMemoryBudget = memory });
        Row[] first = [.. Enumerable.Range(0, 20).Select(i => new Row($"k{i:000}", i % 2 == 0 ? "a" : "b", 1, "old", i % 10, null))];
        await table.UpsertAsync(Row.ToBatches(first, 7), write);
        var global = index is IndexType.GlobalSimple or IndexType.GlobalRecordLevel;
        var model = first.ToDictionary(r => KeyOf(r), r => r);
        var ts = 1;
        foreach (var merge in merges)
        {
            ts++;
            var source = merge.Rows.Select(r => r with { Ts = ts }).ToList();
            var one = new Dictionary<string, Assignment> { ["text"] = Assignment.Value("set " + ts), ["number"] = Assignment.Column("source.number") };
            await table.Merge(Row.ToBatches(source, 6))
                .WhenMatchedDelete(Column("source.number") < merge.DeleteBelow)
                .WhenMatchedUpdate(Column("target.number") < merge.UpdateBelow, merge.SetsOne ? one : null)
                .WhenNotMatchedInsert(rows => new BooleanArray.Builder().AppendRange(((Int32Array)rows.Column("source.number")).Select(n => n < merge.InsertBelow)).Build())
                .ExecuteAsync(write);
            foreach (var row in source)
            {
                if (!model.TryGetValue(KeyOf(row), out var old))
                {
                    if (row.Number < merge.InsertBelow)
                    {
                        model[KeyOf(row)] = row;
                    }
                }
                else if (row.Number < merge.DeleteBelow)
                {
                    model.Remove(KeyOf(row));
                }
                else if (old.Number < merge.UpdateBelow)
                {
                    // A global index moves rows to the partition that they name, with a record index they stay, as is Hudi's default.
                    model[KeyOf(row)] = merge.SetsOne ? old with { Text = "set " + ts, Number = row.Number } : row with { Part = index == IndexType.GlobalRecordLevel ? old.Part : row.Part };
                }
            }

            if (merge.Compacts && type == TableType.MergeOnRead)
            {
                await table.CompactAsync();
            }

            await CompareAsync(table, index, model.Values);
        }

        string KeyOf(Row row) => global ? row.Id : row.Part + row.Id;
    }

    private static Dictionary<string, string> Properties(IndexType index) => index switch
    {
        IndexType.Bucket => new() { ["hoodie.bucket.index.num.buckets"] = "3" },
        IndexType.RecordLevel => new() { ["hoodie.metadata.record.level.index.enable"] = "true" },
        IndexType.GlobalRecordLevel => new() { ["hoodie.metadata.record.index.enable"] = "true" },
        _ => [],
    };

    private static async Task CompareAsync(LakehouseTable table, IndexType index, IEnumerable<Row> rows)
    {
        // What a global record index keeps in its partition has the column's new value, as in Hudi; the path tells.
        var expected = rows.Select(r => $"{r.Id} {r.Part} {r.Ts} {r.Text} {r.Number}").Order(StringComparer.Ordinal);
        var found = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", index == IndexType.GlobalRecordLevel ? "_hoodie_partition_path" : "part", "ts", "text", "number"] }))
        {
            var (id, part, ts, text, number) = ((StringArray)batch.Column(0), (StringArray)batch.Column(1), (Int64Array)batch.Column(2), (StringArray)batch.Column(3), (Int32Array)batch.Column(4));
            found.AddRange(Enumerable.Range(0, batch.Length).Select(i => $"{id.GetString(i)} {part.GetString(i)} {ts.GetValue(i)} {text.GetString(i)} {number.GetValue(i)}"));
        }

        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }
}
