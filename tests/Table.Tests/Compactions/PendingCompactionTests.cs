using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Compactions;

/// <summary>Writes that go on while a compaction is planned.</summary>
public sealed class PendingCompactionTests
{
    [Fact]
    public void What_is_written_before_and_after_a_plan_reads_the_same_after_its_execution() => Prop.ForAll(
        Arb.From(
            from version in Gen.Elements(6, 8, 9)
            from before in Gen.ListOf(Batches, 3)
            from after in Gen.ListOf(Batches, 3)
            from executesTwice in Gen.Elements(true, false)
            select (version, before.ToList(), after.ToList(), executesTwice)),
        run => CheckAsync(run.version, run.Item2, run.Item3, run.executesTwice).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult())
        .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(25));

    [Theory]
    [InlineData(9)]
    [InlineData(8)]
    [InlineData(6)]
    public async Task A_deleted_key_that_comes_back_while_a_compaction_is_planned_stays_one(int version)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await table.DeleteAsync([Row.ToBatch([TestTable.Of(5, 1)])]);
        var planned = await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(5, 50)])]);
        var rows = await TestTable.ReadAsync(store);
        await table.ExecuteCompactionAsync(planned);
        Assert.Equal(rows, await TestTable.ReadAsync(store));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(5, 60)])]);
        Assert.Equal(rows.Replace(" 50 text 50", " 60 text 60", StringComparison.Ordinal), await TestTable.ReadAsync(store));
    }

    // Rows of stored keys only; versions in any order, so that some lose.
    private static Gen<List<Row>> Batches =>
        from count in Gen.Choose(1, 8)
        from rows in Gen.ListOf(from id in Gen.Choose(0, 29) from ts in Gen.Choose(0, 9) select TestTable.Of(id, ts), count)
        select rows.ToList();

    private static async Task CheckAsync(int version, List<List<Row>> before, List<List<Row>> after, bool executesTwice)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await WriteAsync(table, before);
        var planned = await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        Assert.NotNull(planned);
        var reference = await TestTable.CopyAsync(store);
        await WriteAsync(table, after);
        var rows = await TestTable.ReadAsync(store);
        Assert.Equal(planned, Assert.Single(await table.ExecuteCompactionAsync(planned)).Instant);
        Assert.Equal(rows, await TestTable.ReadAsync(store));
        await table.CompactAsync();
        Assert.Equal(rows, await TestTable.ReadAsync(store));
        if (executesTwice)
        {
            // Executed before the later writes come, the plan leads to the same rows, but for the commits that they name.
            await using var other = await LakehouseTable.OpenAsync(reference, TestTable.Resources);
            await other.ExecuteCompactionAsync();
            await WriteAsync(other, after);
            Assert.Equal(await DataAsync(table), await DataAsync(other));
        }
    }

    private static async Task WriteAsync(LakehouseTable table, List<List<Row>> batches)
    {
        foreach (var batch in batches)
        {
            await table.UpsertAsync([Row.ToBatch(batch)]);
        }
    }

    private static async Task<List<string>> DataAsync(LakehouseTable table)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", "ts"] }))
        {
            using (batch)
            {
                rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => $"{((StringArray)batch.Column(0)).GetString(i)} {((Int64Array)batch.Column(1)).GetValue(i)}"));
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
