using System.Text;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Core.Tests.Config;

/// <summary>The file on storage: creation, backup, update, recovery.</summary>
public class TableConfigFileTests
{
    private static readonly NewTable Table = new() { Name = "t", RecordKeyFields = ["id"] };
    private static readonly LakehouseEnvironment Now = new(new Hurry(), Guid.NewGuid);
    private readonly MemoryObjectStore _store = new();

    [Fact]
    public async Task Created_once()
    {
        await TableConfigFile.CreateAsync(_store, Table, Now);
        Assert.Equal("t", (await TableConfigFile.LoadAsync(_store, Now)).TableName);
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await TableConfigFile.CreateAsync(_store, Table, Now));
        Assert.Equal(LakehouseErrorKind.AlreadyExists, error.Kind);
        Assert.StartsWith("#Properties saved on 20", Encoding.Latin1.GetString((await _store.ReadAsync(TableConfig.Path)).Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, ".hoodie/archived")]
    [InlineData(9, ".hoodie/timeline/history")]
    public async Task Folders_are_those_of_Hudi(int version, string archive)
    {
        var folder = Directory.CreateTempSubdirectory("created").FullName;
        try
        {
            await TableConfigFile.CreateAsync(new LocalObjectStore(folder + "/t"), Table with { Version = version }, Now);
            foreach (var wanted in new[] { archive, ".hoodie/.temp", ".hoodie/.schema", ".hoodie/.aux/.bootstrap/.fileids", ".hoodie/.aux/.bootstrap/.partitions" })
            {
                Assert.True(Directory.Exists($"{folder}/t/{wanted}"), wanted);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task No_table_is_told_so()
    {
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await TableConfigFile.LoadAsync(_store, Now));
        Assert.Equal(LakehouseErrorKind.NotFound, error.Kind);
        Assert.Contains(".hoodie/hoodie.properties", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_checksum_without_backup_is_corrupt()
    {
        await PutAsync(TableConfig.Path, "hoodie.table.name=t\nhoodie.table.version=9\nhoodie.table.checksum=1\n");
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await TableConfigFile.LoadAsync(_store, Now));
        Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_checksum_is_accepted()
    {
        await PutAsync(TableConfig.Path, "hoodie.table.name=t\nhoodie.table.version=9\n");
        Assert.Equal("t", (await TableConfigFile.LoadAsync(_store, Now)).TableName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hoodie.table.name=t\nhoodie.table.version=9\n")]
    [InlineData("hoodie.table.name=t\nhoodie.table.version=9\nhoodie.table.checksum=1\n")]
    [InlineData("\\u12")]
    public async Task The_backup_serves_while_the_file_is_no_good_and_an_update_recovers_it(string? main)
    {
        await TableConfigFile.CreateAsync(_store, Table, Now);
        var good = await _store.ReadAsync(TableConfig.Path);
        await _store.PutAsync(TableConfig.BackupPath, good, PutCondition.None);
        await _store.DeleteAsync(TableConfig.Path);
        if (main is not null)
        {
            await PutAsync(TableConfig.Path, main);
        }

        Assert.Equal(["id"], (await TableConfigFile.LoadAsync(_store, Now)).RecordKeyFields);
        var updated = await TableConfigFile.UpdateAsync(_store, new Dictionary<string, string?> { ["hoodie.new"] = "1" }, Now);
        Assert.Equal("1", updated.Properties["hoodie.new"]);
        Assert.Equal(["id"], updated.RecordKeyFields);
        Assert.Null(await _store.GetInfoAsync(TableConfig.BackupPath));
    }

    [Fact]
    public async Task An_update_keeps_what_it_does_not_change()
    {
        await PutAsync(TableConfig.Path, "#x\nsome.é.key = \\u65e5 \\= x \nhoodie.table.name=t\nhoodie.table.version=9\nhoodie.gone=1\n");
        await TableConfigFile.UpdateAsync(_store, new Dictionary<string, string?> { ["hoodie.table.metadata.partitions"] = "files", ["hoodie.gone"] = null }, Now);
        var config = await TableConfigFile.LoadAsync(_store, Now);
        Assert.Equal("日 = x ", config.Properties["some.é.key"]);
        Assert.Equal(["files"], config.MetadataPartitions);
        Assert.False(config.Properties.ContainsKey("hoodie.gone"));
        Assert.Equal(ConfigKeys.Checksum, config.Properties.Keys.Last());
        Assert.True(TableChecksum.Holds(config.Properties));
    }

    [Fact]
    public async Task An_update_that_would_not_be_understood_changes_nothing()
    {
        await TableConfigFile.CreateAsync(_store, Table, Now);
        var before = (await _store.ReadAsync(TableConfig.Path)).ToArray();
        await Assert.ThrowsAsync<LakehouseException>(async () => await TableConfigFile.UpdateAsync(_store, new Dictionary<string, string?> { ["hoodie.table.version"] = "12" }, Now));
        Assert.Equal(before, (await _store.ReadAsync(TableConfig.Path)).ToArray());
        Assert.Null(await _store.GetInfoAsync(TableConfig.BackupPath));
    }

    [Theory]
    [InlineData(Fault.Before)]
    [InlineData(Fault.LostReply)]
    [InlineData(Fault.UnknownWithoutEffect)]
    public async Task Death_at_any_step_of_an_update_leaves_the_old_or_the_new(Fault fault)
    {
        int fired = 0;
        for (int n = 1; ; n++)
        {
            var store = new MemoryObjectStore();
            await TableConfigFile.CreateAsync(store, Table, Now);
            var plan = FaultPlan.At(n, fault, dies: true, counts: static _ => true);
            try
            {
                await TableConfigFile.UpdateAsync(new FaultInjectingObjectStore(store, plan), new Dictionary<string, string?> { ["hoodie.new"] = "1" }, Now);
            }
            catch (LakehouseException)
            {
            }

            var after = await TableConfigFile.LoadAsync(store, Now);
            Assert.Equal(["id"], after.RecordKeyFields);
            var again = await TableConfigFile.UpdateAsync(store, new Dictionary<string, string?> { ["hoodie.next"] = "2" }, Now);
            Assert.Equal(after.Properties.GetValueOrDefault("hoodie.new"), again.Properties.GetValueOrDefault("hoodie.new"));
            Assert.Equal("2", again.Properties["hoodie.next"]);
            Assert.Null(await store.GetInfoAsync(TableConfig.BackupPath));
            if (!plan.Fired)
            {
                break;
            }

            fired++;
        }

        Assert.True(fired >= 7, $"Only {fired} steps failed.");
    }

    private async Task PutAsync(string path, string text) => await _store.PutAsync(path, Encoding.Latin1.GetBytes(text), PutCondition.None);

    // Delays end at once: the retries of a broken file need no waiting in a test.
    private sealed class Hurry : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
