using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Rows of the model as batches, and a log merge of them.</summary>
internal static class LogBatches
{
    public static readonly TableSchema Table = TableSchema.FromDdl("id string, ts bigint, a string, b bigint, _hoodie_is_deleted boolean", "t");

    public static MergeRule Rule(string mode, params (string Key, string Value)[] more) => Rule(mode, [], more);

    public static MergeRule Rule(string mode, IReadOnlyList<IRecordMerger> mergers, params (string Key, string Value)[] more)
    {
        var properties = new Dictionary<string, string>
        {
            ["hoodie.table.name"] = "t",
            ["hoodie.table.version"] = "9",
            ["hoodie.table.recordkey.fields"] = "id",
            ["hoodie.record.merge.mode"] = mode,
            ["hoodie.table.ordering.fields"] = "ts",
        };
        foreach (var (key, value) in more)
        {
            properties[key] = value;
        }

        return MergeRule.Create(TableConfig.Parse(properties, "/t"), mergers: mergers);
    }

    /// <summary>The rule of a table of an older version with a payload class.</summary>
    public static MergeRule PayloadRule(string payload, int version = 6) => Rule(
        "CUSTOM",
        ("hoodie.table.version", version.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("hoodie.compaction.payload.class", "org.apache.hudi.common.model." + payload),
        ("hoodie.table.precombine.field", "ts"));

    public static LogMerge Merge(MergeRule rule, long budget) => new(rule, Table, Table.Arrow, budget);

    public static void Add(this LogMerge merge, IReadOnlyList<LogRow> block, ReadOnlySpan<long> at = default)
    {
        if (block[0].FromDeleteBlock)
        {
            merge.AddDeletes(Strings(block.Select(r => r.Key)), [Longs(block.Select(r => r.Ts))], at);
        }
        else
        {
            merge.AddRows(Strings(block.Select(r => r.Key)), Batch(block), block[0].Present, at);
        }
    }

    public static RecordBatch Batch(IReadOnlyList<LogRow> rows)
    {
        var deleted = new BooleanArray.Builder();
        foreach (var row in rows)
        {
            deleted.Append(row.Deleted);
        }

        return new RecordBatch(
            Table.Arrow,
            [Strings(rows.Select(r => r.Key)), Longs(rows.Select(r => r.Ts)), Strings(rows.Select(r => r.A)), Longs(rows.Select(r => r.B)), deleted.Build()],
            rows.Count);
    }

    /// <summary>The base rows, some to a batch.</summary>
    public static async IAsyncEnumerable<BaseRows> Stored(IReadOnlyList<LogRow> rows, IReadOnlyList<string> columns, int batchRows = 7, bool withKeys = true)
    {
        await Task.Yield();
        for (int from = 0; from < rows.Count; from += batchRows)
        {
            var some = rows.Skip(from).Take(batchRows).ToList();
            using var batch = Batch(some);
            var chosen = new RecordBatch(new Schema([.. columns.Select(c => batch.Schema.GetFieldByName(c))], null), columns.Select(c => batch.Column(c)), batch.Length);
            yield return new BaseRows(withKeys ? Strings(some.Select(r => r.Key)) : null, chosen, from);
        }
    }

    /// <summary>What is left of the base rows, null where one goes, and the new rows.</summary>
    public static (LogRow?[] Stored, List<LogRow> Inserts) Apply(SliceChanges changes, IReadOnlyList<LogRow> stored)
    {
        LogRow?[] result = [.. stored];
        long last = -1;
        var counts = default(ChangeCounts);
        foreach (var batch in changes.Changes())
        {
            for (int i = 0; i < batch.Length; i++)
            {
                Assert.True(batch.Positions[i] > last, "positions ascend");
                last = batch.Positions[i];
                Assert.Equal(stored[(int)last].Key, batch.Keys.GetString(i));
                result[(int)last] = batch.IsDeleted(i) ? null : Row(batch, i);
                counts += batch.IsDeleted(i) ? new ChangeCounts(0, 1, 0) : new ChangeCounts(1, 0, 0);
            }
        }

        var inserts = new List<LogRow>();
        foreach (var batch in changes.Inserts())
        {
            for (int i = 0; i < batch.Length; i++)
            {
                Assert.Equal(IncomingRows.Insert, batch.Positions[i]);
                Assert.False(batch.IsDeleted(i));
                inserts.Add(Row(batch, i));
            }
        }

        Assert.Equal(changes.Counts, counts with { Inserted = inserts.Count });
        return (result, inserts);
    }

    private static LogRow Row(ChangedRows batch, int i)
    {
        Assert.Equal(batch.Keys.GetString(i), ((StringArray)batch.Rows.Column("id")).GetString(i));
        return new LogRow(batch.Keys.GetString(i), ((Int64Array)batch.Rows.Column("ts")).GetValue(i), ((StringArray)batch.Rows.Column("a")).GetString(i), ((Int64Array)batch.Rows.Column("b")).GetValue(i));
    }

    private static StringArray Strings(IEnumerable<string?> values)
    {
        var builder = new StringArray.Builder();
        foreach (var value in values)
        {
            builder.Append(value!);
        }

        return builder.Build();
    }

    private static Int64Array Longs(IEnumerable<long?> values)
    {
        var builder = new Int64Array.Builder();
        foreach (var value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }
}
