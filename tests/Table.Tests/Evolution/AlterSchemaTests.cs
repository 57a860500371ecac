using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas.Evolution;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>ALTER TABLE of ours: columns keep their values under new names, types and places, in files and logs of every age.</summary>
public sealed class AlterSchemaTests
{
    private const string Ddl = "id string, ts bigint, i int, s string, st struct<a: int, b: string>, l array<struct<p: int>>, city string";

    private static string Line(int id, long ts, string extra = "") =>
        $$"""{"id":"k{{id}}","ts":{{ts}},"i":{{id}},"s":"s{{id}}","st":{"a":{{id}},"b":"b{{id}}"},"l":[{"p":{{id}}}],"city":"{{(id % 2 == 0 ? "a" : "b")}}"{{extra}}}""";

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Values_stay_with_their_columns(int version, TableType type)
    {
        var store = new MemoryObjectStore("t");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, version, type);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(1, 1), Line(2, 1), Line(3, 1), Line(4, 1))]);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(2, 2))]);
        var before = (await table.RefreshAsync()).Timeline.LatestTime!;
        var altered = await table.AlterSchemaAsync(
        [
            SchemaChange.Rename("s", "text"),
            SchemaChange.ChangeType("i", "bigint"),
            SchemaChange.Add("x", "double", comment: "new", after: "ts"),
            SchemaChange.Rename("st.b", "bee"),
            SchemaChange.Add("st.n", "int", first: true),
            SchemaChange.Add("l.element.q", "string"),
            SchemaChange.Move("city"),
        ]);
        Assert.Equal(["city", "id", "ts", "x", "i", "text", "st", "l"], altered.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(
            """
            {"city":"a","id":"k2","ts":2,"x":null,"i":2,"text":"s2","st":{"n":null,"a":2,"bee":"b2"},"l":[{"p":2,"q":null}]}
            {"city":"a","id":"k4","ts":1,"x":null,"i":4,"text":"s4","st":{"n":null,"a":4,"bee":"b4"},"l":[{"p":4,"q":null}]}
            {"city":"b","id":"k1","ts":1,"x":null,"i":1,"text":"s1","st":{"n":null,"a":1,"bee":"b1"},"l":[{"p":1,"q":null}]}
            {"city":"b","id":"k3","ts":1,"x":null,"i":3,"text":"s3","st":{"n":null,"a":3,"bee":"b3"},"l":[{"p":3,"q":null}]}
            """,
            await EvolvingTable.ReadAsync(table));

        // Conditions and their statistics are of the columns as they are now.
        Assert.Equal("""{"id":"k2"}""", await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicate.Parse("text = 's2'"), Columns = ["id"] }));
        Assert.Equal("""{"id":"k3"}""", await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicate.Parse("st.bee = 'b3' AND i >= 3"), Columns = ["id"] }));

        // Dropped and added again it is another column, in copied row groups and logs too.
        await table.AlterSchemaAsync([SchemaChange.Drop("text"), SchemaChange.Add("text", "string", after: "i"), SchemaChange.Drop("st.a"), SchemaChange.Add("st.a", "int")]);
        await EvolvingTable.UpsertAsync(table, """{"city":"a","id":"k2","ts":3,"x":1.5,"i":22,"text":"new","st":{"n":7,"bee":"z","a":9},"l":[{"p":1,"q":"qq"}]}""");
        const string Expected = """
            {"city":"a","id":"k2","ts":3,"x":1.5,"i":22,"text":"new","st":{"n":7,"bee":"z","a":9},"l":[{"p":1,"q":"qq"}]}
            {"city":"a","id":"k4","ts":1,"x":null,"i":4,"text":null,"st":{"n":null,"bee":"b4","a":null},"l":[{"p":4,"q":null}]}
            {"city":"b","id":"k1","ts":1,"x":null,"i":1,"text":null,"st":{"n":null,"bee":"b1","a":null},"l":[{"p":1,"q":null}]}
            {"city":"b","id":"k3","ts":1,"x":null,"i":3,"text":null,"st":{"n":null,"bee":"b3","a":null},"l":[{"p":3,"q":null}]}
            """;
        Assert.Equal(Expected, await EvolvingTable.ReadAsync(table));
        Assert.Equal("""{"id":"k1"}""", await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicate.Parse("text IS NULL AND id = 'k1'"), Columns = ["id"] }));
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync(new CompactionOptions());
            Assert.Equal(Expected, await EvolvingTable.ReadAsync(table));
        }

        // The table as it was.
        Assert.Contains("""{"id":"k2","ts":2,"i":2,"s":"s2","st":{"a":2,"b":"b2"},"l":[{"p":2}],"city":"a"}""", await EvolvingTable.ReadAsync(table, new ReadOptions { AsOf = before }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_commit_carries_the_columns_on()
    {
        var store = new MemoryObjectStore("t");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(1, 1))]);
        var first = await table.AlterSchemaAsync([SchemaChange.Rename("s", "text")]);
        await EvolvingTable.UpsertAsync(table, """{"id":"k1","ts":2,"text":"t","city":"b"}""");
        await table.UpsertAsync([await EvolvingTable.RowsAsync("id string, ts bigint, city string, more int, i bigint", """{"id":"k1","ts":3,"city":"b","more":5,"i":6}""")], new WriteOptions { EvolveSchema = true });
        var state = await table.RefreshAsync();
        var schema = await state.GetSchemaAsync();
        Assert.Equal([0L, long.Parse(first.Instant!), schema.Evolution!.Current.VersionId], InternalSchemaJson.ParseHistory(schema.Evolution.History!).Select(v => v.VersionId).Order());
        Assert.Equal(long.Parse(state.Timeline.CompletedWrites.Last().RequestedTime), schema.Evolution.Current.VersionId);
        Assert.Equal("""{"id":"k1","ts":3,"i":6,"text":null,"st":null,"l":null,"city":"b","more":5}""", await EvolvingTable.ReadAsync(table));
        Assert.Equal(3, (await ((IObjectStore)store).ListNamesAsync(SchemaHistory.Folder)).Count(n => n.EndsWith(".schemacommit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_changed_is_refused_and_nothing_is_written()
    {
        var store = new MemoryObjectStore("t");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(1, 1))]);
        var before = (await table.RefreshAsync()).Timeline.Instants.Count;
        SchemaChange[] wrong =
        [
            SchemaChange.Rename("none", "x"), SchemaChange.Rename("s", "I"), SchemaChange.Rename("s", "a b"), SchemaChange.Rename("id", "key"), SchemaChange.Drop("ts"), SchemaChange.Drop("city"),
            SchemaChange.ChangeType("ts", "string"), SchemaChange.ChangeType("s", "int"), SchemaChange.ChangeType("st", "string"), SchemaChange.ChangeType("i", "boolean"), SchemaChange.Drop("_hoodie_commit_time"),
            SchemaChange.Add("s", "int"), SchemaChange.Add("s.x", "int"), SchemaChange.Add("y", "int", after: "none"), SchemaChange.Add("y", "no type"), SchemaChange.Move("i", "none"), SchemaChange.Drop("l.element.p"),
            SchemaChange.Add("y", "int", after: "_hoodie_commit_time"),
        ];
        foreach (var change in wrong)
        {
            var error = await Assert.ThrowsAsync<LakehouseException>(() => table.AlterSchemaAsync([change]));
            Assert.True(error.Kind == LakehouseErrorKind.InvalidInput && error.Remedy is not null, $"{change}: {error.Message}");
        }

        var shown = await table.AlterSchemaAsync([SchemaChange.Drop("s")], new AlterSchemaOptions { DryRun = true });
        Assert.Null(shown.Instant);
        Assert.DoesNotContain("\ns ", shown.Ddl, StringComparison.Ordinal);
        Assert.Null((await table.AlterSchemaAsync([])).Instant);
        Assert.Equal(before, (await table.RefreshAsync()).Timeline.Instants.Count);
    }

    [Fact]
    public async Task A_lost_history_is_an_error_and_no_wrong_row()
    {
        var store = new MemoryObjectStore("t");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(1, 1))]);
        var first = (await table.RefreshAsync()).Timeline.CompletedWrites.First();
        await table.AlterSchemaAsync([SchemaChange.Rename("s", "text")]);
        await store.DeleteFolderAsync(SchemaHistory.Folder);
        foreach (var name in await ((IObjectStore)store).ListNamesAsync(".hoodie/timeline"))
        {
            if (name.StartsWith(first.RequestedTime, StringComparison.Ordinal))
            {
                await store.DeleteAsync($".hoodie/timeline/{name}");
            }
        }

        await using var again = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => EvolvingTable.ReadAsync(again));
        Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
        Assert.Contains(".hoodie/.schema", error.Message, StringComparison.Ordinal);
    }
}
