using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>Random histories of upserts, deletes, moves between partitions and services: what the record index and a secondary index rule out holds no row of the answer.</summary>
public sealed class IndexSkippingHistoryTests
{
    private const int Keys = 24;

    // More for a long run: MODEL_TESTS=500.
    private static int Tests => int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 4;

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    public void Look_ups_find_every_row(int version, TableType type)
    {
        var (skipped, all) = (0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed, version, type, (s, a) => (skipped, all) = (skipped + s, all + a)).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Tests));
        Assert.True(skipped * 2 > all, $"{skipped} of {all} slices ruled out");
    }

    private static async Task RunAsync(int seed, int version, TableType type, Action<int, int> count)
    {
        var random = new Random(seed);
        var options = new TableOptions
        {
            Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, Index = IndexType.GlobalRecordLevel,
            Properties = new Dictionary<string, string> { [MetadataOptions.RecordIndexKey] = "true", [Indexes.RecordMovesOption] = "true" },
        };
        await using var table = await LakehouseTable.CreateAsync(new MemoryObjectStore("keys"), Row.Schema, options, TestTable.Resources);
        var model = new Dictionary<string, Row>();
        await UpsertAsync(Enumerable.Range(0, 8), 0);
        await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text" });
        for (var step = 1; step <= 8; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    var gone = Some().ToList();
                    await table.DeleteAsync([Row.ToBatch([.. gone.Select(id => new Row($"k{id:00}", "abc"[random.Next(3)].ToString(), 1_000 + step, null, null, null))])]);
                    gone.ForEach(id => model.Remove($"k{id:00}"));
                    break;
                case 1 when type == TableType.MergeOnRead:
                    await table.CompactAsync(new CompactionOptions());
                    break;
                case 2:
                    await table.ClusterAsync(new ClusteringOptions());
                    break;
                default:
                    await UpsertAsync(Some(), step);
                    break;
            }

            await CheckAsync($"seed {seed}, step {step}");
        }

        IEnumerable<int> Some() => Enumerable.Range(0, 1 + random.Next(6)).Select(_ => random.Next(Keys)).Distinct();

        // Some stay in their partition, where in a merge-on-read table they are logged; others move.
        async Task UpsertAsync(IEnumerable<int> ids, int step)
        {
            var rows = ids.Select(id => new Row(
                $"k{id:00}",
                random.Next(3) > 0 && model.TryGetValue($"k{id:00}", out var known) ? known.Part : "abc"[random.Next(3)].ToString(),
                1_000 + step,
                random.Next(6) == 0 ? null : $"text {random.Next(6)}",
                id,
                random.Next(9) == 0 ? true : null)).ToList();
            await table.UpsertAsync([Row.ToBatch(rows)]);
            foreach (var row in rows)
            {
                _ = row.IsDelete ? model.Remove(row.Id) : (model[row.Id] = row) is null;
            }
        }

        async Task CheckAsync(string what)
        {
            var keys = Some().Select(id => $"k{id:00}").ToList();
            await SameAsync(Column("id") == keys[0], r => r.Id == keys[0]);
            await SameAsync(Column("id").In([.. keys]), r => keys.Contains(r.Id));
            var (one, other) = ($"text {random.Next(6)}", $"text {random.Next(7)}");
            await SameAsync(Column("text") == one, r => r.Text == one);
            await SameAsync(Column("text").In([one, other]) & Column("number") < 12, r => (r.Text == one || r.Text == other) && r.Number < 12);
            return;

            async Task SameAsync(Predicate condition, Func<Row, bool> matches)
            {
                var read = new ReadOptions { Where = condition, Columns = ["id", "part", "ts"] };
                var plan = await ScanPlanner.PlanAsync(await table.RefreshAsync(), read, default);
                count(plan.SlicesBeforePruning - plan.Slices.Count, plan.SlicesBeforePruning);
                var rows = new List<string>();
                await foreach (var batch in table.ReadAsync(read))
                {
                    using (batch)
                    {
                        rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => $"{((StringArray)batch.Column(0)).GetString(i)} {((StringArray)batch.Column(1)).GetString(i)} {((Int64Array)batch.Column(2)).GetValue(i)}"));
                    }
                }

                var expected = model.Values.Where(matches).Select(r => $"{r.Id} {r.Part} {r.Ts}").Order(StringComparer.Ordinal);
                Assert.True(expected.SequenceEqual(rows.Order(StringComparer.Ordinal)), $"{what}: {condition} finds {string.Join(", ", rows)}, not {string.Join(", ", expected)}");
            }
        }
    }
}
