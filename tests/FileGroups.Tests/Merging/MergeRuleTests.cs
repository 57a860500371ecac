using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>The outcomes were tried with Hudi 1.2.0 on copy-on-write tables.</summary>
public class MergeRuleTests
{
    [Theory]
    [InlineData("EVENT_TIME_ORDERING", 5, false, "Keep")]
    [InlineData("EVENT_TIME_ORDERING", 10, false, "Replace")]
    [InlineData("EVENT_TIME_ORDERING", 11, false, "Replace")]
    [InlineData("EVENT_TIME_ORDERING", 5, true, "Keep")]
    [InlineData("EVENT_TIME_ORDERING", 10, true, "Delete")]
    [InlineData("EVENT_TIME_ORDERING", 11, true, "Delete")]
    [InlineData("COMMIT_TIME_ORDERING", 5, false, "Replace")]
    [InlineData("COMMIT_TIME_ORDERING", 11, false, "Replace")]
    [InlineData("COMMIT_TIME_ORDERING", 5, true, "Delete")]
    public void An_incoming_row_against_a_stored_one_of_10(string mode, long ordering, bool deleted, string expected)
    {
        var rule = Rule(mode);
        Assert.Equal(expected, rule.Decide(rule.Bind(Rows((ordering, deleted)), true), 0, rule.BindStored(Rows((10, false))), 0).ToString());
    }

    [Theory]
    [InlineData("EVENT_TIME_ORDERING", 20, false, 20, true, true)]
    [InlineData("EVENT_TIME_ORDERING", 20, true, 20, false, true)]
    [InlineData("EVENT_TIME_ORDERING", 30, true, 20, false, false)]
    [InlineData("EVENT_TIME_ORDERING", 20, false, 15, true, false)]
    [InlineData("COMMIT_TIME_ORDERING", 30, true, 20, false, true)]
    [InlineData("COMMIT_TIME_ORDERING", 20, false, 15, true, true)]
    public void Two_rows_of_one_batch(string mode, long first, bool firstDeleted, long second, bool secondDeleted, bool secondStays)
    {
        var rule = Rule(mode);
        var rows = rule.Bind(Rows((first, firstDeleted), (second, secondDeleted)), true);
        Assert.Equal(secondStays, rule.Replaces(rows, 1, rows, 0));
    }

    [Theory]
    [InlineData("EVENT_TIME_ORDERING")]
    [InlineData("COMMIT_TIME_ORDERING")]
    public void A_delete_by_key_always_deletes(string mode)
    {
        var rule = Rule(mode);
        Assert.Equal(MergeDecision.Delete, rule.Decide(MergeRows.KeyDeletes, 3, rule.BindStored(Rows((10, false))), 0));
    }

    [Fact]
    public void Null_ordering_values_are_refused_by_name_and_row()
    {
        var rule = Rule("EVENT_TIME_ORDERING");
        var error = Assert.Throws<LakehouseException>(() => rule.Bind(Rows((1, false), (null, false)), true, 100));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("'ts' is null in row 102", error.Message);
        Assert.False(rule.Bind(Rows((null, false)), false).HasDeletes);
        Rule("COMMIT_TIME_ORDERING").Bind(Rows((null, false)), true);
    }

    [Fact]
    public void A_stored_row_without_ordering_value_gives_way()
    {
        var rule = Rule("EVENT_TIME_ORDERING");
        Assert.Equal(MergeDecision.Replace, rule.Decide(rule.Bind(Rows((long.MinValue, false)), true), 0, rule.BindStored(Rows((null, false))), 0));
    }

    [Fact]
    public void Several_fields_compare_one_after_another()
    {
        var rule = MergeRule.Create(Config("EVENT_TIME_ORDERING", "ts,u"));
        Assert.Equal(["ts", "u"], rule.OrderingColumns);
        var stored = rule.BindStored(Two((1, 5)));
        Assert.Equal(MergeDecision.Keep, rule.Decide(rule.Bind(Two((1, 4)), true), 0, stored, 0));
        Assert.Equal(MergeDecision.Replace, rule.Decide(rule.Bind(Two((1, 6)), true), 0, stored, 0));
        Assert.Equal(MergeDecision.Replace, rule.Decide(rule.Bind(Two((2, 1)), true), 0, stored, 0));
    }

    [Fact]
    public void Without_ordering_fields_the_later_row_wins()
    {
        var rule = MergeRule.Create(Config("EVENT_TIME_ORDERING", ""));
        Assert.Empty(rule.OrderingColumns);
        Assert.Equal(MergeDecision.Replace, rule.Decide(rule.Bind(Rows((1, false)), true), 0, rule.BindStored(Rows((10, false))), 0));
    }

    [Fact]
    public void A_delete_marker_of_the_table_or_the_writer_is_honoured()
    {
        var rows = Marked("I", "D", null, "d");
        var stored = MergeRule.Create(Config("EVENT_TIME_ORDERING", "ts", (DeleteMarker.FieldProperty, "op"), (DeleteMarker.MarkerProperty, "D")));
        var given = MergeRule.Create(Config("EVENT_TIME_ORDERING", "ts"), new Dictionary<string, string> { [DeleteMarker.FieldProperty] = "op", [DeleteMarker.MarkerProperty] = "D" });
        foreach (var rule in (MergeRule[])[stored, given])
        {
            var bound = rule.Bind(rows, true);
            Assert.Equal([false, true, false, false], Enumerable.Range(0, 4).Select(bound.IsDelete));
        }

        Assert.Throws<LakehouseException>(() => MergeRule.Create(Config("EVENT_TIME_ORDERING", "ts", (DeleteMarker.FieldProperty, "op"))));
    }

    [Theory]
    [InlineData("hoodie.record.merge.mode", "CUSTOM", "hoodie.record.merge.strategy.id=(none)")]
    [InlineData("hoodie.record.merge.strategy.id", "1897ef5f-18bc-4557-939c-9d6a8afd1519", "hoodie.record.merge.strategy.id=1897ef5f-18bc-4557-939c-9d6a8afd1519")]
    [InlineData("hoodie.compaction.payload.class", "com.example.Ours", "hoodie.compaction.payload.class=com.example.Ours")]
    [InlineData("hoodie.record.merge.property.hoodie.payload.other.rule", "x", "hoodie.record.merge.property.hoodie.payload.other.rule=x")]
    public void What_is_not_known_is_refused_by_name(string key, string value, string named)
    {
        var error = Assert.Throws<LakehouseException>(() => LogBatches.Rule("CUSTOM", (key, value)));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_missing_ordering_column_is_named()
    {
        var rule = MergeRule.Create(Config("EVENT_TIME_ORDERING", "absent"));
        Assert.Contains("'absent'", Assert.Throws<LakehouseException>(() => rule.Bind(Rows((1, false)), true)).Message);
    }

    private static MergeRule Rule(string mode) => MergeRule.Create(Config(mode, "ts"));

    private static TableConfig Config(string mode, string ordering, params (string Key, string Value)[] merge)
    {
        var properties = new Dictionary<string, string>
        {
            ["hoodie.table.name"] = "t",
            ["hoodie.table.version"] = "9",
            ["hoodie.table.recordkey.fields"] = "id",
            ["hoodie.record.merge.mode"] = mode,
            ["hoodie.table.ordering.fields"] = ordering,
        };
        foreach (var (key, value) in merge)
        {
            properties["hoodie.record.merge.property." + key] = value;
        }

        return TableConfig.Parse(properties, "/t");
    }

    private static RecordBatch Rows(params (long? Ts, bool Deleted)[] rows)
    {
        var ts = new Int64Array.Builder();
        var deleted = new BooleanArray.Builder();
        foreach (var row in rows)
        {
            _ = row.Ts is { } value ? ts.Append(value) : ts.AppendNull();
            deleted.Append(row.Deleted);
        }

        return new RecordBatch.Builder().Append("ts", true, ts.Build()).Append(DeleteMarker.IsDeleted, true, deleted.Build()).Build();
    }

    private static RecordBatch Two((long Ts, int U) row) =>
        new RecordBatch.Builder().Append("ts", true, new Int64Array.Builder().Append(row.Ts).Build()).Append("u", true, new Int32Array.Builder().Append(row.U).Build()).Build();

    private static RecordBatch Marked(params string?[] marks)
    {
        var op = new StringArray.Builder();
        var ts = new Int64Array.Builder();
        foreach (string? mark in marks)
        {
            op.Append(mark!);
            ts.Append(1);
        }

        return new RecordBatch.Builder().Append("ts", true, ts.Build()).Append("op", true, op.Build()).Build();
    }
}
