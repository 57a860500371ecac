using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>Slices that statistics and bloom filters of their files rule out hold no row of the answer.</summary>
public sealed class DataSkippingTests
{
    // The plans to hold the skipping against are made without it.
    private static readonly LakehouseOptions Options = new() { Threads = 2, Write = TestTable.Write, UseMetadataTable = false };

    public static TheoryData<int, TableType> Tables => new(
        from version in new[] { 6, 8, 9 } from type in new[] { TableType.CopyOnWrite, TableType.MergeOnRead } select (version, type));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Random_conditions_find_the_same_rows(int version, TableType type)
    {
        var random = new Random(version + (int)type);
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, Options);
        for (var i = 0; i < 4; i++)
        {
            await table.UpsertAsync([Row.ToBatch([.. Enumerable.Range(0, 6).Select(_ => random.Next(40)).Distinct().Select(id => TestTable.Of(id, random.Next(20), random.Next(5) == 0 ? true : null))])]);
        }

        var (skipped, all) = (0, 0);
        var state = await table.RefreshAsync();
        var metadata = await MetadataFromFiles.ReadAsync(state);
        for (var i = 0; i < 60; i++)
        {
            var condition = Condition(random, 2);
            var plan = await ScanPlanner.PlanAsync(state, new ReadOptions { Where = condition, Columns = ["id", "ts"] }, default);
            var kept = await new DataSkipping(metadata, state.Config, plan.Schema).KeepAsync(condition, plan.Where!, plan.Slices, default);
            Assert.Equal(await RowsAsync(plan, table.Options), await RowsAsync(plan with { Slices = kept }, table.Options));
            (skipped, all) = (skipped + plan.Slices.Count - kept.Count, all + plan.Slices.Count);
        }

        Assert.True(skipped > 20, $"{skipped} of {all} skipped");
    }

    [Fact]
    public async Task Keys_that_are_not_there_leave_no_file_without_logs()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, Options);
        var state = await table.RefreshAsync();
        var metadata = await MetadataFromFiles.ReadAsync(state);
        Assert.Empty(await KeepAsync(state, metadata, Column("id") == "k0005"));
        Assert.Single(await KeepAsync(state, metadata, Column("id").In(["k005", "k0055"])));
        Assert.Single(await KeepAsync(state, metadata, Column("_hoodie_record_key") == "k006" & Column("ts") >= 0));
        Assert.Equal(2, (await KeepAsync(state, metadata, Column("id") == "k005" | Column("ts") >= 0)).Count);
    }

    private static async Task<IReadOnlyList<FileSlice>> KeepAsync(TableState state, IMetadataReader metadata, Predicate condition)
    {
        var plan = await ScanPlanner.PlanAsync(state, new ReadOptions { Where = condition }, default);
        return await new DataSkipping(metadata, state.Config, plan.Schema).KeepAsync(condition, plan.Where!, plan.Slices, default);
    }

    private static Predicate Condition(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var (a, b) = (Condition(random, depth - 1), Condition(random, depth - 1));
            return random.Next(5) switch { 0 => !a, 1 => a | b, _ => a & b };
        }

        return random.Next(7) switch
        {
            0 => Column("id") == $"k{random.Next(45):000}",
            1 => Column("id") >= $"k{random.Next(45):000}",
            2 => Column("ts") > random.Next(22),
            3 => Column("ts") == random.Next(22),
            4 => Column("text").In([$"text {random.Next(22)}", $"text {random.Next(22)}"]),
            5 => Column("text").StartsWith($"text {random.Next(22)}"),
            _ => Column("_hoodie_record_key").In([$"k{random.Next(45):000}", $"k{random.Next(45):000}"]),
        };
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(ScanPlan plan, LakehouseOptions options)
    {
        var rows = new List<string>();
        await foreach (var batch in TableScan.ReadAsync(plan, options, default))
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++)
                {
                    rows.Add($"{((Apache.Arrow.StringArray)batch.Column(0)).GetString(i)} {((Apache.Arrow.Int64Array)batch.Column(1)).GetValue(i)}");
                }
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
