using Apache.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>A merger of one's own that adds up b, keeps the older row where the newer's a is null, and deletes where the sum is zero.</summary>
public class RecordMergerTests
{
    private static readonly Guid Id = new("1897ef5f-18bc-4557-939c-9d6a8afd1519");

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(12_000)]
    public void Pairs_are_folded_oldest_first(long budget)
    {
        int spilled = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var model = new Dictionary<string, LogRow>();
            using var merge = LogBatches.Merge(Rule(new Adding()), budget);
            int keys = random.Next(1, 300);
            foreach (var block in LogHistory.Blocks(random, keys))
            {
                merge.Add(block);
                foreach (var row in block)
                {
                    model[row.Key] = model.TryGetValue(row.Key, out var older) ? Fold(older, row) : row;
                }
            }

            spilled += merge.HasSpilled ? 1 : 0;
            CheckAsync(merge, model, LogHistory.Stored(random, keys)).GetAwaiter().GetResult();
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.Equal(budget < 1L << 40, spilled > 10);
    }

    [Fact]
    public void A_merger_of_another_id_is_not_taken()
    {
        var error = Assert.Throws<LakehouseException>(() => Rule(new Adding { StrategyId = Guid.Empty }));
        Assert.Contains($"hoodie.record.merge.strategy.id={Id}", error.Message, StringComparison.Ordinal);
        Assert.Contains("RecordMergers", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_columns_are_read() => Assert.Contains("b", Rule(new Adding()).LogColumns);

    [Fact]
    public void An_answer_that_does_not_fit_is_an_error()
    {
        using var merge = LogBatches.Merge(Rule(new Adding { Answer = new RecordMergeResult([RecordMergeChoice.Combined]) }), 1L << 30);
        merge.Add([new LogRow("k", 1)]);
        Assert.Contains("gave none", Assert.Throws<LakehouseException>(() => merge.Add([new LogRow("k", 1)])).Message, StringComparison.Ordinal);
        using var other = LogBatches.Merge(Rule(new Adding { Answer = new RecordMergeResult([]) }), 1L << 30);
        other.Add([new LogRow("k", 1)]);
        Assert.Contains("0 choices for 1 pairs", Assert.Throws<LakehouseException>(() => other.Add([new LogRow("k", 1)])).Message, StringComparison.Ordinal);
    }

    private static MergeRule Rule(IRecordMerger merger) => LogBatches.Rule("CUSTOM", [merger], ("hoodie.record.merge.strategy.id", Id.ToString()));

    private static LogRow Fold(LogRow older, LogRow newer) =>
        older.Deleted || newer.Deleted ? newer
        : newer.A is null ? older
        : newer.A == LogModel.Unavailable ? newer
        : (older.B ?? 0) + (newer.B ?? 0) is var sum && sum % 7 == 0 ? new LogRow(newer.Key, null) { Deleted = true }
        : newer with { B = sum };

    private static async Task CheckAsync(LogMerge merge, Dictionary<string, LogRow> model, IReadOnlyList<LogRow> stored)
    {
        var expected = stored.Select(s => model.Remove(s.Key, out var log) ? Fold(s, log) : s).Select(r => r.Deleted ? null : r.Plain).ToList();
        var inserts = model.Values.Where(r => !r.Deleted).Select(r => r.Plain);
        await using var changes = await merge.ResolveAsync(LogBatches.Stored(stored, merge.BaseColumns), CancellationToken.None);
        var (actual, actualInserts) = LogBatches.Apply(changes, stored);
        Assert.Equal(expected, actual);
        Assert.Equal(inserts.OrderBy(r => r.Key, StringComparer.Ordinal), actualInserts.OrderBy(r => r.Key, StringComparer.Ordinal));
    }

    private sealed class Adding : IRecordMerger
    {
        public Guid StrategyId { get; init; } = Id;

        public RecordMergeResult? Answer { get; init; }

        public IReadOnlyCollection<string> Columns => ["a", "b"];

        public RecordMergeResult Merge(RecordBatch older, RecordBatch newer)
        {
            if (Answer is not null)
            {
                return Answer;
            }

            var choices = new RecordMergeChoice[newer.Length];
            var (left, right, texts) = ((Int64Array)older.Column("b"), (Int64Array)newer.Column("b"), (StringArray)newer.Column("a"));
            var sums = new Int64Array.Builder();
            for (int i = 0; i < choices.Length; i++)
            {
                long sum = (left.GetValue(i) ?? 0) + (right.GetValue(i) ?? 0);
                sums.Append(sum);
                choices[i] = texts.IsNull(i) ? RecordMergeChoice.Older
                    : texts.GetString(i) == LogModel.Unavailable ? RecordMergeChoice.Newer
                    : sum % 7 == 0 ? RecordMergeChoice.Delete
                    : RecordMergeChoice.Combined;
            }

            var columns = newer.Arrays.ToArray();
            columns[newer.Schema.GetFieldIndex("b")] = sums.Build();
            return new RecordMergeResult(choices, new RecordBatch(newer.Schema, columns, newer.Length));
        }
    }
}
