using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>A writer of real Hudi and one of this engine on one table at the same time, with Java's file lock between them.</summary>
public sealed class JavaWritersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("java").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public async Task Both_commit_and_Hudi_finds_it_right()
    {
        const TableType type = TableType.MergeOnRead;
        var oracle = Oracle.Instance;
        Assert.SkipWhen(oracle is null, "HUDI_ORACLE is not set.");
        var path = folder + "/t";
        var resources = Writers.Resources(new ConcurrencyOptions
        {
            Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, ConflictRetries = 50, LockProvider = LockProviders.FileSystem(),
        });
        await using var table = await LakehouseTable.CreateAsync(path, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] }, resources);
        await Writers.UpsertAsync(table, [.. TestTable.First]);
        var java = Task.Run(() =>
        {
            for (int n = 0; n < 2; n++)
            {
                var input = $"{folder}/java{n}.jsonl";
                File.WriteAllText(input, $"{{\"id\":\"k000\",\"part\":\"a\",\"ts\":{100 + n},\"text\":\"java\",\"number\":1}}\n{{\"id\":\"j{n}\",\"part\":\"a\",\"ts\":1,\"text\":\"java\",\"number\":1}}\n");
                oracle!.Ask(new JsonObject
                {
                    ["op"] = "write", ["table"] = path, ["operation"] = "upsert", ["mode"] = "append", ["input"] = input, ["schema"] = "id string, part string, ts bigint, text string, number int, _hoodie_is_deleted boolean",
                    ["options"] = new JsonObject
                    {
                        ["hoodie.table.name"] = "t", ["hoodie.datasource.write.recordkey.field"] = "id", ["hoodie.datasource.write.partitionpath.field"] = "part", ["hoodie.datasource.write.table.type"] = "MERGE_ON_READ",
                        ["hoodie.table.ordering.fields"] = "ts", ["hoodie.write.concurrency.mode"] = "optimistic_concurrency_control", ["hoodie.clean.failed.writes.policy"] = "LAZY",
                        ["hoodie.write.lock.provider"] = "org.apache.hudi.client.transaction.lock.FileSystemBasedLockProvider", ["hoodie.write.num.retries.on.conflict.failures"] = "20",
                        ["hoodie.write.lock.client.wait_time_ms_between_retry"] = "200", ["hoodie.metadata.index.column.stats.enable"] = "true",
                    },
                });
            }
        });
        // Each has partitions of its own: what they share is the lock, the timeline and the metadata table.
        for (int n = 0; !java.IsCompleted || n < 3; n++)
        {
            await Writers.UpsertAsync(table, TestTable.Of(1, 100 + n), TestTable.Of(2001 + (n * 2), 1));
            await Task.Delay(300);
        }

        await java;
        var rows = await Writers.RowsAsync(table.Store);
        Assert.Equal(rows.Count, rows.Select(r => r.Split(' ')[0]).Distinct().Count());
        Assert.Contains("k000 a 101", rows);
        Assert.All(["j0 a 1", "j1 a 1", "k2001 b 1", "k2003 b 1", "k2005 b 1"], r => Assert.Contains(r, rows));
        Assert.Equal(rows.Count, oracle!.Read(path).Length);
        Assert.Empty(oracle.Ask(new JsonObject { ["op"] = "validate", ["table"] = path }).GetProperty("problems").EnumerateArray());
        Assert.False(File.Exists(path + "/.hoodie/lock"));
    }
}
