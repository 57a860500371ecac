using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Change data capture: the classes that Hudi 1.2 runs for tables of versions 6 and 8, and the modes that version 9 has in their place.</summary>
public class PayloadClassTests
{
    private static readonly TableSchema Table = TableSchema.FromDdl("id string, Op string, _event_lsn bigint, _event_seq string, _change_operation_type string, text string, bin binary", "t");

    [Fact]
    public async Task AwsDms_deletes_by_operation_whatever_its_case()
    {
        var rule = LogBatches.PayloadRule("AWSDmsAvroPayload");
        Assert.Equal(["b"], await Run(rule, [Row(text: "a", op: "I"), Row(text: "b", op: "U")], null));
        Assert.Empty(await Run(rule, [Row(text: "a", op: "I"), Row(op: "D")], Row(text: "s")));
        Assert.Empty(await Run(rule, [Row(op: "d")], Row(text: "s")));
        Assert.Equal(["c"], await Run(rule, [Row(op: "D"), Row(text: "c", op: "I")], Row(text: "s")));
    }

    [Theory]
    [InlineData("10", "11", "new")]
    [InlineData("10", "10", "new")]
    [InlineData("10", "9", "stored")]
    [InlineData(null, "9", "new")]
    public async Task Postgres_orders_by_log_sequence_number(string? stored, string later, string expected)
    {
        var rule = LogBatches.PayloadRule("debezium.PostgresDebeziumAvroPayload", 8);
        Assert.Equal([expected], await Run(rule, [Row(text: "new", lsn: later)], Row(text: "stored", lsn: stored)));
        Assert.Equal([expected], await Run(rule, [Row(text: "stored", lsn: stored), Row(text: "new", lsn: later)], null));
    }

    [Fact]
    public async Task Postgres_fills_toasted_values_of_the_row_that_wins_where_base_files_are_rewritten()
    {
        const string toasted = "__debezium_unavailable_value";
        var logs = LogBatches.PayloadRule("debezium.PostgresDebeziumAvroPayload");
        Assert.Equal([toasted], await Run(logs, [Row(text: toasted, lsn: "11")], Row(text: "stored", lsn: "10")));
        var rule = logs.Rewriting;
        Assert.Equal(["stored"], await Run(rule, [Row(text: toasted, lsn: "11")], Row(text: "stored", lsn: "10")));
        Assert.Equal(["first"], await Run(rule, [Row(text: "first", lsn: "11"), Row(text: toasted, lsn: "12")], Row(text: "stored", lsn: "10")));
        Assert.Equal([toasted], await Run(rule, [Row(text: "late", lsn: "9")], Row(text: toasted, lsn: "10")));
        Assert.Empty(await Run(rule, [Row(change: "d", lsn: "11")], Row(text: "stored", lsn: "10")));
    }

    [Theory]
    [InlineData("2.5", "10.1", "new")]
    [InlineData("2.5", "2.10", "new")]
    [InlineData("000002.000005", "2.5", "new")]
    [InlineData("2.5", "2.4", "stored")]
    [InlineData("10.1", "9.900", "stored")]
    [InlineData(null, "1.1", "new")]
    public async Task MySql_orders_by_binlog_position(string? stored, string later, string expected)
    {
        var rule = LogBatches.PayloadRule("debezium.MySqlDebeziumAvroPayload");
        Assert.Equal([expected], await Run(rule, [Row(text: "new", seq: later)], Row(text: "stored", seq: stored)));
    }

    [Fact]
    public async Task What_is_no_binlog_position_is_an_error()
    {
        var rule = LogBatches.PayloadRule("debezium.MySqlDebeziumAvroPayload");
        var error = await Assert.ThrowsAsync<LakehouseException>(() => Run(rule, [Row(seq: "x.1")], Row(seq: "1.1")));
        Assert.Contains("_event_seq", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_are_filled_as_texts_are()
    {
        var rule = LogBatches.Rule("COMMIT_TIME_ORDERING", ("hoodie.table.partial.update.mode", "FILL_UNAVAILABLE"), ("hoodie.record.merge.property.hoodie.write.partial.update.unavailable.value", "n/a"));
        Assert.Equal(["t, b"], await Run(rule, [Row(text: "n/a", bin: "n/a")], Row(text: "t", bin: "b")));
        Assert.Equal(["t, c"], await Run(rule, [Row(text: "n/a", bin: "c")], Row(text: "t", bin: "b")));
    }

    private static async Task<string[]> Run(MergeRule rule, RecordBatch[] log, RecordBatch? stored)
    {
        using var merge = new LogMerge(rule, Table, Table.Arrow, 1L << 30);
        foreach (var row in log)
        {
            merge.AddRows((StringArray)row.Column(0), row);
        }

        await using var changes = await merge.ResolveAsync(stored is null ? null : new[] { new BaseRows((StringArray)stored.Column(0), stored, 0) }.ToAsyncEnumerable(), CancellationToken.None);
        var changed = changes.Changes().Concat(changes.Inserts()).ToList();
        return stored is not null && changes.Counts == default
            ? [Text(stored)]
            : [.. changed.Where(c => c.Length > 0 && !c.IsDeleted(0)).Select(c => Text(c.Rows))];
    }

    private static string Text(RecordBatch row)
    {
        var bytes = (BinaryArray)row.Column("bin");
        var text = ((StringArray)row.Column("text")).GetString(0);
        return bytes.IsNull(0) ? text : $"{text}, {System.Text.Encoding.UTF8.GetString(bytes.GetBytes(0))}";
    }

    private static RecordBatch Row(string? text = null, string? op = null, string? lsn = null, string? seq = null, string? change = null, string? bin = null)
    {
        static StringArray One(string? value) => new StringArray.Builder().Append(value!).Build();
        var bytes = bin is null ? new BinaryArray.Builder().AppendNull().Build() : new BinaryArray.Builder().Append(System.Text.Encoding.UTF8.GetBytes(bin).AsSpan()).Build();
        var number = new Int64Array.Builder().Append(lsn is null ? null : long.Parse(lsn, System.Globalization.CultureInfo.InvariantCulture)).Build();
        return new RecordBatch(Table.Arrow, [One("k"), One(op), number, One(seq), One(change), One(text), bytes], 1);
    }
}
