using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>Writes that change the table's columns as Hudi's writers do: columns are added, types widened, nothing else.</summary>
public sealed class EvolvingWriteTests
{
    private static readonly WriteOptions Evolve = new() { EvolveSchema = true };

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Columns_are_added_and_widened(int version, TableType type)
    {
        const string Ddl = "id string, ts bigint, v int, f float, st struct<a: int>, l array<struct<p: int>>, m map<string, int>, dc decimal(6,2), city string";
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), Ddl, version, type);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(
            Ddl,
            """{"id":"1","ts":1,"v":5,"f":1.1,"st":{"a":1},"l":[{"p":1}],"m":{"k":1},"dc":"1.25","city":"x"}""",
            """{"id":"2","ts":1,"v":16777217,"f":2.2,"st":{"a":2},"l":[],"m":{"k":2},"dc":"2.25","city":"x"}""")]);
        await table.UpsertAsync(
            [await EvolvingTable.RowsAsync(
                "n string, id string, ts bigint, v bigint, f double, st struct<a: bigint, b: string>, l array<struct<p: int, q: string>>, m map<string, bigint>, dc decimal(8,3), city string",
                """{"n":"nn","id":"2","ts":2,"v":60000000000,"f":2.5,"st":{"a":60000000000,"b":"b"},"l":[{"p":2,"q":"q"}],"m":{"k":60000000000},"dc":"3.125","city":"x"}""")],
            Evolve);
        const string Expected = """
            {"id":"1","ts":1,"v":5,"f":1.1,"st":{"a":1,"b":null},"l":[{"p":1,"q":null}],"m":{"k":1},"dc":1.250,"city":"x","n":null}
            {"id":"2","ts":2,"v":60000000000,"f":2.5,"st":{"a":60000000000,"b":"b"},"l":[{"p":2,"q":"q"}],"m":{"k":60000000000},"dc":3.125,"city":"x","n":"nn"}
            """;
        Assert.Equal(Expected, await EvolvingTable.ReadAsync(table));
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync(new CompactionOptions());
            Assert.Equal(Expected, await EvolvingTable.ReadAsync(table));
        }

        // Narrower input goes into the wider columns; what lacks columns has null in them.
        await table.UpsertAsync([await EvolvingTable.RowsAsync("id string, ts bigint, v int, city string", """{"id":"1","ts":3,"v":7,"city":"x"}""")], Evolve);
        Assert.StartsWith("""{"id":"1","ts":3,"v":7,"f":null""", await EvolvingTable.ReadAsync(table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v string", """ "v":"x" """, "5", "x")]
    [InlineData("v double", """ "v":0.5 """, "5.0", "0.5")]
    [InlineData("v float", """ "v":0.5 """, "5.0", "0.5")]
    public async Task Numbers_become_text_or_have_a_fraction(string column, string value, string stored, string written)
    {
        const string Ddl = "id string, ts bigint, v int, city string";
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, """{"id":"1","ts":1,"v":5,"city":"x"}""", """{"id":"2","ts":1,"v":6,"city":"x"}""")]);
        await table.UpsertAsync([await EvolvingTable.RowsAsync($"id string, ts bigint, {column}, city string", $$"""{"id":"2","ts":2,{{value}},"city":"x"}""")], Evolve);
        var rows = (await EvolvingTable.ReadAsync(table)).Replace("\"v\":\"", "\"v\":", StringComparison.Ordinal).Split('\n');
        Assert.Contains($"\"v\":{stored}", rows[0], StringComparison.Ordinal);
        Assert.Contains($"\"v\":{written}", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id string, ts bigint, v boolean, city string", """{"id":"1","ts":1,"v":true,"city":"x"}""")]
    [InlineData("id string, ts bigint, v struct<a: int>, city string", """{"id":"1","ts":1,"v":{"a":1},"city":"x"}""")]
    [InlineData("id string, ts bigint, V int, city string", """{"id":"1","ts":1,"V":1,"city":"x"}""")]
    public async Task Everything_else_is_refused(string input, string line)
    {
        const string Ddl = "id string, ts bigint, v int, city string";
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, """{"id":"1","ts":1,"v":5,"city":"x"}""")]);
        var batch = await EvolvingTable.RowsAsync(input, line);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.UpsertAsync([batch], Evolve));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Equal("""{"id":"1","ts":1,"v":5,"city":"x"}""", await EvolvingTable.ReadAsync(table));
    }

    [Fact]
    public async Task Without_the_option_columns_stay()
    {
        const string Ddl = "id string, ts bigint, v int, city string";
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), Ddl, 9, TableType.CopyOnWrite);
        var batch = await EvolvingTable.RowsAsync(Ddl + ", n int", """{"id":"1","ts":1,"v":5,"city":"x","n":1}""");
        Assert.Equal(LakehouseErrorKind.InvalidInput, (await Assert.ThrowsAsync<LakehouseException>(() => table.UpsertAsync([batch]))).Kind);
    }

    [Fact]
    public async Task A_write_that_began_before_another_added_a_column_does_not_drop_it()
    {
        const string Ddl = "id string, ts bigint, v int, city string";
        var store = new MemoryObjectStore("t");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, 9, TableType.CopyOnWrite);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, """{"id":"1","ts":1,"v":5,"city":"x"}""")]);
        var state = await table.RefreshAsync();
        var old = await state.GetSchemaAsync();
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl + ", n int", """{"id":"2","ts":1,"v":5,"city":"x","n":1}""")], Evolve);
        var now = await state.Client.LoadAsync();
        var late = new Timelines.Instant(state.Client.NewInstantTime(now), "commit", Timelines.InstantState.Inflight);
        var metadata = new Timelines.CommitMetadata { OperationType = "UPSERT", ExtraMetadata = new Dictionary<string, string> { ["schema"] = old.ToAvroJson(false) } };
        Assert.Contains("\"n\"", (await Timelines.SchemaHistory.CarryOnAsync(state.Client, now, late, metadata, old, default)).ExtraMetadata["schema"], StringComparison.Ordinal);
        var evolved = Writing.InputSchema.Evolve(old, new Schema([new Field("other", Int32Type.Default, true)], null), "t");
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await Timelines.SchemaHistory.CarryOnAsync(state.Client, now, late, metadata, evolved, default));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
    }
}
