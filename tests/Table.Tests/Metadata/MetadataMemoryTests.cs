using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Metadata;

/// <summary>What a handle keeps of the metadata table from one operation to the next: others may do anything in between.</summary>
public sealed class MetadataMemoryTests
{
    private static readonly int Steps = int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var steps) ? steps : 12;

    private const string Own = MetadataPartitions.Folder + "/.hoodie/timeline";

    [Theory]
    [InlineData(1, 9, 1)]
    [InlineData(2, 9, 8)]
    [InlineData(3, 8, 8)]
    [InlineData(5, 6, 8)]
    public async Task Whatever_others_do_meanwhile_a_handle_reads_and_writes_what_is_there(int seed, int version, int atOnce)
    {
        var random = new Random(seed);
        var objects = await TestTable.MakeAsync(version, seed % 2 == 0 ? TableType.CopyOnWrite : TableType.MergeOnRead);
        await using var kept = await LakehouseTable.OpenAsync(new HookedStore(objects) { RequestsAtOnce = atOnce, Before = (_, _) => atOnce > 1 ? Pause() : Task.CompletedTask }, TestTable.Resources);
        for (var step = 1; step <= Steps; step++)
        {
            await using var other = await LakehouseTable.OpenAsync(new HookedStore(objects), TestTable.Resources);
            var writer = random.Next(2) == 0 ? kept : other;
            switch (random.Next(8))
            {
                case 0:
                    await writer.UpsertAsync([Row.ToBatch([TestTable.Of(random.Next(40), step)])], new WriteOptions { ExactRowGroupRows = 8, BloomEntries = 50, DropMetadataTable = true });
                    break;
                case 1 when version > 6:
                    if ((await other.GetIndexesAsync()).Any(i => i.Name == MetadataPartitions.RecordIndex))
                    {
                        await writer.DropIndexAsync(MetadataPartitions.RecordIndex);
                    }
                    else
                    {
                        await writer.CreateIndexAsync(IndexKind.RecordLevel);
                    }

                    break;
                case 2:
                    await other.RollbackAsync((await other.RefreshAsync()).Timeline.LatestCompletedWrite!.RequestedTime);
                    break;
                default:
                    await writer.UpsertAsync([Row.ToBatch([TestTable.Of(random.Next(40), step), TestTable.Of(40 + random.Next(20), step)])]);
                    break;
            }

            Assert.Equal(await TestTable.ReadAsync(objects), await TestTable.ReadAsync(kept));
            Assert.Equal(await CountAsync(other, $"ts >= {step - 3}"), await CountAsync(kept, $"ts >= {step - 3}"));
            Assert.Equal(await CountAsync(other, "id = 'k007'"), await CountAsync(kept, "id = 'k007'"));
        }

        await using var last = await LakehouseTable.OpenAsync(objects, TestTable.Resources);
        Assert.Empty(await last.ValidateAsync());
    }

    [Fact]
    public async Task A_handle_asks_for_what_has_changed_alone()
    {
        var requests = new List<(StorageOperationKind Kind, string Path)>();
        await using var table = await LakehouseTable.OpenAsync(
            new HookedStore(await TestTable.MakeAsync(9)) { Before = (kind, path) => { requests.Add((kind, path)); return Task.CompletedTask; } }, TestTable.Resources);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 3)])]);
        requests.Clear();
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 4)])]);

        // As it was, before the first file, and under the lock; the others under the lock, and before the first file what they say of statistics.
        Assert.Equal(3, requests.Count(r => r.Path == ".hoodie/hoodie.properties"));
        Assert.Equal(2, requests.Count(r => r.Path == IndexDefinitions.Path));
        Assert.Equal(2, requests.Count(r => r.Path == MetadataPartitions.Folder + "/.hoodie/hoodie.properties"));
        Assert.Equal(2, requests.Count(r => r.Kind == StorageOperationKind.List && r.Path == Own));
        Assert.DoesNotContain(requests, r => r.Kind == StorageOperationKind.List && r.Path.StartsWith(MetadataPartitions.Folder + "/", StringComparison.Ordinal) && r.Path != Own);

        // Of each file group that is looked into, the log of the write before.
        Assert.Equal(3, requests.Count(r => r.Kind == StorageOperationKind.ReadRange && r.Path.StartsWith(MetadataPartitions.Folder, StringComparison.Ordinal)));
        requests.Clear();
        await TestTable.ReadAsync(table);
        await TestTable.ReadAsync(table);
        Assert.Equal(1, requests.Count(r => r.Kind == StorageOperationKind.ReadRange && r.Path.StartsWith(MetadataPartitions.Folder, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_could_not_be_read_is_read_again()
    {
        var fails = false;
        await using var table = await LakehouseTable.OpenAsync(
            new HookedStore(await TestTable.MakeAsync(9))
            {
                Before = (kind, path) => fails && kind is StorageOperationKind.ReadRange or StorageOperationKind.List && path.StartsWith(MetadataPartitions.Folder, StringComparison.Ordinal) && path != Own
                    ? throw new LakehouseException(LakehouseErrorKind.Storage, "gone for a while", path: path)
                    : Task.CompletedTask,
            },
            TestTable.Resources);
        fails = true;
        await Assert.ThrowsAsync<LakehouseException>(() => TestTable.ReadAsync(table));
        fails = false;
        Assert.Equal(30, (await TestTable.ReadAsync(table)).Split('\n').Length);
    }

    // Requests overtake one another.
    private static async Task Pause() => await Task.Yield();

    private static async Task<long> CountAsync(LakehouseTable table, string where)
    {
        var rows = 0L;
        await foreach (var batch in table.ReadAsync(new ReadOptions { Where = Predicate.Parse(where) }))
        {
            using (batch)
            {
                rows += batch.Length;
            }
        }

        return rows;
    }
}
