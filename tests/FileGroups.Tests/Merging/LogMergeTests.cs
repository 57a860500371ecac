using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Random histories, with memory to spare and with hardly any, come out as in a dictionary.</summary>
public class LogMergeTests
{
    private const long Ample = 1L << 40;
    private const long Tight = 12_000;
    private const string Event = "EVENT_TIME_ORDERING";
    private const string Commit = "COMMIT_TIME_ORDERING";

    [Theory]
    [InlineData(Event, Ample)]
    [InlineData(Commit, Ample)]
    [InlineData(Event, Tight)]
    [InlineData(Commit, Tight)]
    public void Whole_rows(string mode, long budget) => Check(() => LogBatches.Rule(mode), () => new LogModel(mode == Event), Partial.None, budget);

    [Theory]
    [InlineData(Event, Ample)]
    [InlineData(Commit, Ample)]
    [InlineData(Event, Tight)]
    [InlineData(Commit, Tight)]
    public void Rows_whose_defaults_are_filled(string mode, long budget) =>
        Check(() => LogBatches.Rule(mode, ("hoodie.table.partial.update.mode", "IGNORE_DEFAULTS")), () => new LogModel(mode == Event, FillKind.Defaults), Partial.None, budget);

    [Theory]
    [InlineData(Event, Ample, "hoodie.write.partial.update.unavailable.value")]
    [InlineData(Commit, Ample, "partial.update.unavailable.value")]
    [InlineData(Event, Tight, "partial.update.unavailable.value")]
    [InlineData(Commit, Tight, "hoodie.write.partial.update.unavailable.value")]
    public void Rows_whose_unavailable_values_are_filled(string mode, long budget, string property) => Check(
        () => LogBatches.Rule(mode, ("hoodie.table.partial.update.mode", "FILL_UNAVAILABLE"), ("hoodie.record.merge.property." + property, LogModel.Unavailable)),
        () => new LogModel(mode == Event, FillKind.Unavailable),
        Partial.None,
        budget);

    [Theory]
    [InlineData(Event, Ample)]
    [InlineData(Commit, Ample)]
    [InlineData(Event, Tight)]
    [InlineData(Commit, Tight)]
    public void Blocks_of_some_columns(string mode, long budget) =>
        Check(() => LogBatches.Rule(mode), () => new LogModel(mode == Event), mode == Event ? Partial.WithOrdering : Partial.Any, budget);

    [Theory]
    [InlineData(Event, Ample)]
    [InlineData(Event, Tight)]
    public void Blocks_of_some_columns_after_rows_whose_defaults_are_filled(string mode, long budget) =>
        Check(() => LogBatches.Rule(mode, ("hoodie.table.partial.update.mode", "IGNORE_DEFAULTS")), () => new LogModel(true, FillKind.Defaults), Partial.WithOrdering, budget);

    [Theory]
    [InlineData(6, Ample)]
    [InlineData(8, Tight)]
    public void PartialUpdateAvroPayload(int version, long budget) =>
        Check(() => LogBatches.PayloadRule("PartialUpdateAvroPayload", version), () => new LogModel(true, FillKind.Nulls, deletesIgnoreOrder: true), Partial.None, budget);

    [Theory]
    [InlineData(6, Ample)]
    [InlineData(8, Tight)]
    public void OverwriteNonDefaultsWithLatestAvroPayload(int version, long budget) =>
        Check(() => LogBatches.PayloadRule("OverwriteNonDefaultsWithLatestAvroPayload", version), () => new LogModel(false, FillKind.EqualDefaults), Partial.None, budget);

    private static void Check(Func<MergeRule> rule, Func<LogModel> newModel, Partial partial, long budget)
    {
        int spilled = 0;
        int filled = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var model = newModel();
            using var merge = LogBatches.Merge(rule(), budget);
            int keys = random.Next(1, 300);
            foreach (var block in LogHistory.Blocks(random, keys, partial))
            {
                merge.Add(block);
                foreach (var row in block)
                {
                    model.Add(row);
                }
            }

            spilled += merge.HasSpilled ? 1 : 0;
            filled += merge.BaseColumns.Count > 1 ? 1 : 0;
            CheckResult(merge, model, LogHistory.Stored(random, keys)).GetAwaiter().GetResult();
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.Equal(budget < Ample, spilled > 10);
        Assert.Equal(partial != Partial.None || newModel().Fills, filled > 10);
    }

    private static async Task CheckResult(LogMerge merge, LogModel model, IReadOnlyList<LogRow> stored)
    {
        var (expected, inserts) = model.Resolve(stored);
        await using var changes = await merge.ResolveAsync(stored.Count == 0 ? null : LogBatches.Stored(stored, merge.BaseColumns), CancellationToken.None);
        var (actual, actualInserts) = LogBatches.Apply(changes, stored);
        Assert.Equal(expected.Select(r => r?.Plain), actual);
        Assert.Equal(inserts.Select(r => r.Plain).OrderBy(r => r.Key, StringComparer.Ordinal), actualInserts.OrderBy(r => r.Key, StringComparer.Ordinal));
    }
}
