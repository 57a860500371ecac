using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Changes;

/// <summary>Change feeds of tables that are merged by a rule of the caller's own.</summary>
public sealed class MergerChangeFeedTests
{
    private const string Properties = ".hoodie/hoodie.properties";

    public record Account(string Id, long Amount);

    [Theory]
    [InlineData(9)]
    [InlineData(8)]
    public async Task Before_and_after_are_what_the_merger_makes_of_the_logs(int version)
    {
        var store = new MemoryObjectStore("sums");
        await WriteAsync(store, version);
        await ByMergerAsync(store, Summing.Id);

        await using var table = await LakehouseTable.OpenAsync(store, new LakehouseOptions { RecordMergers = [new Summing()] });
        var changes = new List<string>();
        await foreach (var change in table.ReadChangesAsync<Account>("000"))
        {
            changes.Add($"{change.Kind} {change.Before?.Id ?? change.After!.Id} {change.Before?.Amount.ToString() ?? "-"} {change.After?.Amount.ToString() ?? "-"}");
        }

        // Amounts are added up, from commit to commit; what adds nothing keeps the older row; a sum of 0 closes the account.
        Assert.Equal(["Inserted a - 1", "Inserted b - 2", "Inserted c - 3"], changes.Take(3).Order());
        Assert.Equal(["Updated a 1 11", "Updated b 2 22"], changes.Skip(3).Take(2).Order());
        Assert.Equal(["Deleted c 3 -", "Updated a 11 16"], changes.Skip(5).Order());
    }

    [Fact]
    public async Task Without_the_merger_the_feed_is_refused_by_its_id()
    {
        var store = new MemoryObjectStore("sums");
        await WriteAsync(store, 9);
        await ByMergerAsync(store, Summing.Id);
        await using var table = await LakehouseTable.OpenAsync(store);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await table.ReadChangesAsync<Account>("000").ToListAsync());
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(Summing.Id.ToString(), error.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(MemoryObjectStore store, int version)
    {
        var options = new TableOptions { Name = "sums", Type = TableType.MergeOnRead, Keys = ["Id"], MergeMode = MergeMode.CommitTime, TableVersion = version, CdcLogging = CdcLogging.BeforeAndAfter };
        await using var table = await LakehouseTable.CreateAsync(store, LakehouseSchema.Of<Account>(), options);
        await table.UpsertAsync(new Account[] { new("a", 1), new("b", 2), new("c", 3) });
        await table.UpsertAsync(new Account[] { new("a", 10), new("b", 20), new("c", 0) });
        await table.UpsertAsync(new Account[] { new("a", 5), new("b", 0), new("c", -3) });
    }

    // What Hudi's writer stores where the table is created with a merger of one's own.
    private static async Task ByMergerAsync(MemoryObjectStore store, Guid id)
    {
        var text = Encoding.UTF8.GetString((await store.ReadAsync(Properties)).Span);
        var edited = text.Replace("hoodie.record.merge.mode=COMMIT_TIME_ORDERING", "hoodie.record.merge.mode=CUSTOM", StringComparison.Ordinal);
        Assert.NotEqual(text, edited);
        edited = string.Join('\n', edited.Split('\n').Where(l => !l.StartsWith("hoodie.record.merge.strategy.id", StringComparison.Ordinal))) + $"\nhoodie.record.merge.strategy.id={id}\n";
        await store.PutAsync(Properties, Encoding.UTF8.GetBytes(edited), PutCondition.None);
    }

    private sealed class Summing : IRecordMerger
    {
        public static readonly Guid Id = new("5a1f3c52-9a3e-4b8e-8d53-2a60f7ad1c11");

        public Guid StrategyId => Id;

        public IReadOnlyCollection<string> Columns => ["Amount"];

        public RecordMergeResult Merge(RecordBatch older, RecordBatch newer)
        {
            var (left, right) = ((Int64Array)older.Column("Amount"), (Int64Array)newer.Column("Amount"));
            var sums = new Int64Array.Builder();
            var choices = new RecordMergeChoice[left.Length];
            for (var i = 0; i < choices.Length; i++)
            {
                var sum = left.GetValue(i)!.Value + right.GetValue(i)!.Value;
                sums.Append(sum);
                choices[i] = right.GetValue(i) == 0 ? RecordMergeChoice.Older : sum == 0 ? RecordMergeChoice.Delete : RecordMergeChoice.Combined;
            }

            var amount = newer.Schema.GetFieldIndex("Amount");
            return new RecordMergeResult(choices, new RecordBatch(newer.Schema, newer.Arrays.Select((a, i) => i == amount ? sums.Build() : a), newer.Length));
        }
    }
}
