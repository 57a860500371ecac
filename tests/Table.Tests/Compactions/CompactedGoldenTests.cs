using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Compactions;

/// <summary>Tables of real Hudi that are compacted here: reading after it equals reading before it.</summary>
public sealed class CompactedGoldenTests
{
    // Version 6 is not compacted while a write is under way.
    private static readonly string[] Refused = ["v6/mor_failed_write"];

    // Rows of these are merged column by column.
    private static readonly string[] Filled = ["payload_overwrite_non_defaults", "payload_partial_update", "payload_aws_dms", "sql_merge_partial"];

    public static TheoryData<string, bool> Names
    {
        get
        {
            var names = new TheoryData<string, bool>();
            foreach (var name in Golden.Names().Where(n => n.Contains("mor_", StringComparison.Ordinal) && !Refused.Contains(n)))
            {
                names.Add(name, false);
                if (!Filled.Any(name.Contains))
                {
                    names.Add(name, true);
                }
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Queries_give_the_same_rows(string name, bool logsFirst)
    {
        var golden = Golden.Open(name);
        var path = golden.CopyTable();
        try
        {
            await using var table = await LakehouseTable.OpenAsync(path);
            var queries = golden.Answers(string.Empty).Select(Path.GetFileNameWithoutExtension).Select(q => Options(q!)).OfType<ReadOptions>().ToList();
            var before = new List<IReadOnlyList<string>>();
            foreach (var query in queries)
            {
                before.Add(await TableRows.ReadAsync(table, query));
            }

            if (logsFirst)
            {
                await table.LogCompactAsync(new CompactionOptions { DropMetadataTable = true, LogBlocksThreshold = 2 });
                await CompareAsync(table, queries, before);
            }

            await table.CompactAsync(new CompactionOptions { DropMetadataTable = true });
            await CompareAsync(table, queries, before);

            // Nothing is left to be merged, so that base files alone hold all.
            Assert.Equal(await TableRows.ReadAsync(table), await TableRows.ReadAsync(table, new ReadOptions { ReadOptimized = true }));
            var state = await table.RefreshAsync();
            Assert.All(await state.View.GetAllSlicesAsync(), s => Assert.Empty(s.Logs));
            Assert.DoesNotContain(state.Timeline.Pending, i => i.Action == Actions.Compaction);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static async Task CompareAsync(LakehouseTable table, List<ReadOptions> queries, List<IReadOnlyList<string>> before)
    {
        for (int i = 0; i < queries.Count; i++)
        {
            var after = await TableRows.ReadAsync(table, queries[i]);
            Assert.True(before[i].SequenceEqual(after), $"as of {queries[i].AsOf}, from {queries[i].Begin} to {queries[i].End}: {before[i].Count} rows before, {after.Count} after");
        }
    }

    private static ReadOptions? Options(string query) => query.Split('_') switch
    {
        ["snapshot"] => new ReadOptions(),
        ["asof", var time] => new ReadOptions { AsOf = time },
        ["incr", var begin, var end] => new ReadOptions { Begin = begin, End = end },
        _ => null,
    };
}
