using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Each storage operation of a write fails in turn, in each way: the table reads as before or after, and the next write repairs it.</summary>
public sealed class WriteFaultTests
{
    public static TheoryData<TableType, WriteOperation, int, Fault, bool> Changes()
    {
        var cases = new TheoryData<TableType, WriteOperation, int, Fault, bool>();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            cases.Add(TableType.CopyOnWrite, WriteOperation.Upsert, 9, fault, true);
            cases.Add(TableType.CopyOnWrite, WriteOperation.Upsert, 9, fault, false);
            cases.Add(TableType.CopyOnWrite, WriteOperation.Upsert, 6, fault, true);
            cases.Add(TableType.CopyOnWrite, WriteOperation.BulkInsert, 9, fault, true);
            cases.Add(TableType.MergeOnRead, WriteOperation.Upsert, 9, fault, true);
            cases.Add(TableType.MergeOnRead, WriteOperation.Upsert, 6, fault, true);
            cases.Add(TableType.MergeOnRead, WriteOperation.Upsert, 6, fault, false);
        }

        foreach (var dies in new[] { true, false })
        {
            cases.Add(TableType.CopyOnWrite, WriteOperation.InsertOverwrite, 9, Fault.Before, dies);
            cases.Add(TableType.MergeOnRead, WriteOperation.InsertOverwriteTable, 9, Fault.LostReply, dies);
            cases.Add(TableType.MergeOnRead, WriteOperation.InsertOverwrite, 6, Fault.Torn, dies);
            cases.Add(TableType.CopyOnWrite, WriteOperation.BulkInsert, 6, Fault.LostReply, dies);
            cases.Add(TableType.CopyOnWrite, WriteOperation.Delete, 9, Fault.Before, dies);
            cases.Add(TableType.CopyOnWrite, WriteOperation.Delete, 8, Fault.LostReply, dies);
            cases.Add(TableType.CopyOnWrite, WriteOperation.Insert, 9, Fault.Torn, dies);
            cases.Add(TableType.MergeOnRead, WriteOperation.Delete, 8, Fault.Before, dies);
            cases.Add(TableType.MergeOnRead, WriteOperation.Delete, 6, Fault.LostReply, dies);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_change_of_a_write_may_fail(TableType type, WriteOperation operation, int version, Fault fault, bool dies)
    {
        var original = await TestTable.MakeAsync(version, type);
        var before = await TestTable.ReadAsync(original);
        var after = await AfterAsync(original, operation);
        Assert.NotEqual(before, after);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies);
            var (error, faulty) = await RunAsync(store, plan, operation);
            if (!plan.Fired)
            {
                Assert.Null(error);
                Assert.True(n > 8, $"only {n - 1} changes were made");
                return;
            }

            await CheckAsync(store, faulty, plan, error, before, after, $"{type} {operation} v{version} {fault} dies={dies}: {plan.Log.First(o => o.Failed is not null)}");
        }
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite, WriteOperation.Upsert, 9, Fault.Before, true, false)]
    [InlineData(TableType.CopyOnWrite, WriteOperation.Delete, 8, Fault.LostReply, true, false)]
    [InlineData(TableType.MergeOnRead, WriteOperation.Upsert, 9, Fault.Before, true, true)]
    [InlineData(TableType.MergeOnRead, WriteOperation.Upsert, 8, Fault.Torn, false, false)]
    [InlineData(TableType.MergeOnRead, WriteOperation.Delete, 9, Fault.LostReply, true, false)]
    public async Task Each_change_of_a_write_with_a_record_index_may_fail(TableType type, WriteOperation operation, int version, Fault fault, bool dies, bool partitioned)
    {
        var original = await TestTable.MakeAsync(version, type, partitioned ? MetadataOptions.PartitionedRecordIndexKey : MetadataOptions.GlobalRecordIndexKey, "hoodie.metadata.record.index.min.filegroup.count=2");
        await RecordIndexCheck.RunAsync(original, "before");
        var before = await TestTable.ReadAsync(original);
        var after = await AfterAsync(original, operation);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies);
            var (error, faulty) = await RunAsync(store, plan, operation);
            if (!plan.Fired)
            {
                Assert.Null(error);
                Assert.True(n > 8, $"only {n - 1} changes were made");
                return;
            }

            var where = $"{type} {operation} v{version} {fault} dies={dies}: {plan.Log.First(o => o.Failed is not null)}";
            await CheckAsync(store, faulty, plan, error, before, after, where);
            await RecordIndexCheck.RunAsync(store, where);
        }
    }

    [Theory]
    [InlineData(WriteOperation.Upsert, 9)]
    [InlineData(WriteOperation.BulkInsert, 6)]
    public async Task Each_operation_of_a_write_may_fail_reads_too(WriteOperation operation, int version)
    {
        var original = await TestTable.MakeAsync(version);
        var before = await TestTable.ReadAsync(original);
        var after = await AfterAsync(original, operation);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, Fault.Before, counts: static o => !o.Mutates);
            var (error, faulty) = await RunAsync(store, plan, operation);
            if (!plan.Fired)
            {
                return;
            }

            await CheckAsync(store, faulty, plan, error, before, after, $"{operation} v{version} reading: {plan.Log.First(o => o.Failed is not null)}");
        }
    }

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Each_change_of_a_recovery_may_fail(int version, TableType type)
    {
        var original = await TestTable.MakeAsync(version, type);
        var before = await TestTable.ReadAsync(original);
        var changes = 0;
        var count = FaultPlan.None();
        await RunAsync(await TestTable.CopyAsync(original), count, WriteOperation.Upsert);
        changes = count.Log.Count(o => o.Mutates);

        // Dead just before the commit: markers and files are there.
        var dead = await TestTable.CopyAsync(original);
        await RunAsync(dead, FaultPlan.At(changes - 1, Fault.Before, dies: true), WriteOperation.Upsert);
        Assert.Equal(before, await TestTable.ReadAsync(dead));
        foreach (var fault in new[] { Fault.Before, Fault.LostReply })
        {
            for (var n = 1; ; n++)
            {
                var store = await TestTable.CopyAsync(dead);
                var plan = FaultPlan.At(n, fault, dies: true);
                await RunAsync(store, plan, WriteOperation.Delete);
                if (!plan.Fired)
                {
                    Assert.True(n > 12);
                    break;
                }

                var rows = await TestTable.ReadAsync(store);
                await RepairAsync(store, rows, plan.Log.First(o => o.Failed is not null).ToString());
            }
        }
    }

    [Fact]
    public async Task A_write_that_is_cancelled_leaves_the_table_as_it_was()
    {
        var original = await TestTable.MakeAsync(9);
        var before = await TestTable.ReadAsync(original);
        foreach (var operation in new[] { WriteOperation.Upsert, WriteOperation.BulkInsert })
        {
            var after = await AfterAsync(original, operation);
            for (var n = 1; ; n++)
            {
                var store = await TestTable.CopyAsync(original);
                using var cancel = new CancellationTokenSource();
                var counting = new CancellingStore(store, n, cancel);
                await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
                await using var cancelled = await LakehouseTable.OpenAsync(counting, TestTable.Resources);
                counting.Armed = true;
                Exception? error = null;
                try
                {
                    await TestTable.RunAsync(cancelled, operation, cancel.Token);
                }
                catch (OperationCanceledException e)
                {
                    error = e;
                }

                if (!cancel.IsCancellationRequested)
                {
                    break;
                }

                var rows = await TestTable.ReadAsync(store);
                Assert.Equal(error is null ? after : before, rows);
                await RepairAsync(store, rows, $"{operation} cancelled at {n}");
            }
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Each_change_of_a_creation_may_fail(int version)
    {
        var options = new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], TableVersion = version };
        foreach (var fault in Enum.GetValues<Fault>())
        {
            for (var n = 1; ; n++)
            {
                var store = new MemoryObjectStore("faults");
                var plan = FaultPlan.At(n, fault);
                var error = await Record.ExceptionAsync(() => LakehouseTable.CreateAsync(new FaultInjectingObjectStore(store, plan), Row.Schema, options));
                if (!plan.Fired)
                {
                    break;
                }

                await plan.ReleaseDelayedAsync();
                Assert.True(error is null or LakehouseException, error?.ToString());
                if ((await TestTable.ListAsync(store)).Count == 0)
                {
                    Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(() => LakehouseTable.OpenAsync(store))).Kind);
                    await LakehouseTable.CreateAsync(store, Row.Schema, options);
                }

                await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
                await table.UpsertAsync([Row.ToBatch(TestTable.First.ToList())]);
            }
        }
    }

    private static async Task<string> AfterAsync(IObjectStore original, WriteOperation operation)
    {
        var store = await TestTable.CopyAsync(original);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await TestTable.RunAsync(table, operation);
        return await TestTable.ReadAsync(store);
    }

    private static async Task<(Exception? Error, LakehouseTable? Table)> RunAsync(IObjectStore store, FaultPlan plan, WriteOperation operation)
    {
        LakehouseTable? table = null;
        try
        {
            table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
            await TestTable.RunAsync(table, operation);
            return (null, table);
        }
        catch (Exception e)
        {
            return (e, table);
        }
    }

    private static async Task CheckAsync(IObjectStore store, LakehouseTable? faulty, FaultPlan plan, Exception? error, string before, string after, string where)
    {
        var failed = plan.Log.First(o => o.Failed is not null);
        if (error is LakehouseException { Kind: LakehouseErrorKind.OutcomeUnknown } unknown && failed.Kind == StorageOperationKind.Put && failed.Path.Contains(".hoodie/", StringComparison.Ordinal) && failed.Path == unknown.Path)
        {
            Assert.DoesNotContain(plan.Log, o => o.Number > failed.Number && o.Kind is StorageOperationKind.Delete or StorageOperationKind.DeleteFolder);
        }

        await plan.ReleaseDelayedAsync();
        await MetadataCheck.RunAsync(store, where);
        Assert.True(error is null or LakehouseException, $"{where}: {error}");
        Assert.DoesNotContain('\n', error?.Message ?? string.Empty);
        var rows = await TestTable.ReadAsync(store);
        Assert.True(rows == before || rows == after, $"{where}: between\n{rows}");
        if (error is null)
        {
            Assert.True(rows == after, $"{where}: success was reported, but the table is as before");
        }
        else if (error is LakehouseException { Kind: not LakehouseErrorKind.OutcomeUnknown })
        {
            Assert.True(rows == before, $"{where}: failure was reported ({error.Message}), but the table is as after");
        }

        if (faulty is not null && plan.Log[^1].Failed is null)
        {
            Assert.Equal(rows, await TestTable.ReadAsync(faulty));
        }

        await RepairAsync(store, rows, where);
    }

    // The next write takes what is left back and succeeds; then nothing is left to take back.
    private static async Task RepairAsync(IObjectStore store, string rows, string where)
    {
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var next = TestTable.Of(500, 1);
        var result = await table.UpsertAsync([Row.ToBatch([next])]);
        Assert.Equal((1L, 0L, 0L), (result.Inserted, result.Updated, result.Deleted));
        var repaired = await TestTable.ReadAsync(store);
        Assert.True(string.Join('\n', $"{rows}\n{next.Id} {next.Part} {next.Ts} {next.Text}".Split('\n').Order(StringComparer.Ordinal)) == repaired, $"{where}: repaired into\n{repaired}");

        var objects = await TestTable.ListAsync(store);
        var again = await table.UpsertAsync([Row.ToBatch([])]);
        Assert.Empty(again.RolledBack);
        Assert.Equal(objects, await TestTable.ListAsync(store));
        var state = await table.RefreshAsync();
        Assert.Empty(state.Timeline.Pending);
        var committed = state.Timeline.CompletedWrites.Select(i => i.RequestedTime).ToHashSet();
        foreach (var path in objects.Keys.Where(p => p.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            var instant = path[(path.LastIndexOf('_') + 1)..^".parquet".Length];
            Assert.True(committed.Contains(instant), $"{where}: {path} was left");
        }

        await MetadataCheck.RunAsync(store, where);

        // Version 6 names logs by their slice, and a log that a command block undoes stays.
        foreach (var name in objects.Keys.Where(p => !p.StartsWith(MetadataPartitions.Folder, StringComparison.Ordinal)).Select(p => p[(p.LastIndexOf('/') + 1)..]))
        {
            Assert.True(!FileNames.TryParseLogFile(string.Empty, name, 0, out var log) || committed.Contains(log.Instant), $"{where}: {name} was left");
        }
    }
}
