using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Columns that change: each follows the other's changes, by writes and by ALTER TABLE, and goes on.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    public async Task Each_follows_the_others_changes_of_columns(int version, TableType type)
    {
        const string First = "id string, ts bigint, i int, s string, st struct<a: int, b: string>, city string";
        var hudi = RequireHudi();
        var path = Path.Combine(root, "evolving");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), TableSchema.FromDdl(First, "t"), new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        async Task UpsertAsync(string ddl, params string[] lines) => await table.UpsertAsync([await Parse(TableSchema.FromDdl(ddl, "t"), lines)], new WriteOptions { EvolveSchema = true });
        await UpsertAsync(First, [.. Enumerable.Range(0, 8).Select(k => $$"""{"id":"k{{k}}","ts":1,"i":{{k}},"s":"s{{k}}","st":{"a":{{k}},"b":"b"},"city":"{{(k % 2 == 0 ? "x" : "y")}}"}""")]);

        // Writes that add and widen: ours, then Hudi's. Of files whose types were widened before the first ALTER TABLE Hudi takes the wider ones for their own, so that it cannot read them
        // afterwards: a copy-on-write table has none left here.
        var i = type == TableType.CopyOnWrite ? "bigint" : "int";
        await UpsertAsync($"id string, ts bigint, i {i}, s string, st struct<a: int, b: string, c: int>, city string, n int", $$"""{"id":"k0","ts":2,"i":{{(i == "int" ? "6" : "60000000000")}},"s":"t","st":{"a":1,"b":"z","c":2},"city":"x","n":4}""");
        await SameAsync(hudi, table, path, "our new columns");
        Write(
            hudi, path, version, partitioned: true, type,
            """{"id":"k1","ts":3,"i":75,"s":"u","st":{"a":1,"b":"z","c":2},"n":4,"city":"y","m":"mm"}""",
            $"id string, ts bigint, i {i}, s string, st struct<a: int, b: string, c: int>, n int, city string, m string");
        await SameAsync(hudi, table, path, "Hudi's new columns");

        // ALTER TABLE: ours, then Hudi's.
        foreach (var setting in new[] { "hoodie.schema.on.read.enable=true", "spark.sql.parquet.enableVectorizedReader=false", "hoodie.write.auto.upgrade=false", "hoodie.datasource.write.schema.allow.auto.evolution.column.drop=true", "hoodie.spark.sql.insert.into.operation=upsert", $"hoodie.metadata.enable={(version >= 8 ? "true" : "false")}" })
        {
            Sql(hudi, $"set {setting}");
        }

        try
        {
            await table.AlterSchemaAsync([SchemaChange.Rename("s", "text"), SchemaChange.Drop("m"), SchemaChange.Add("x", "string", after: "ts"), SchemaChange.Rename("st.b", "bee"), SchemaChange.Add("m", "int")]);
            await SameAsync(hudi, table, path, "our alter");
            await UpsertAsync("id string, ts bigint, x string, text string, city string", """{"id":"k2","ts":4,"x":"xx","text":"ttt","city":"x"}""");
            await SameAsync(hudi, table, path, "our upsert after it");
            var name = $"evolving_{version}_{type}".ToLowerInvariant();
            Sql(hudi, $"create table {name} using hudi location '{path}'");
            Sql(hudi, $"alter table {name} rename column text to words");
            Sql(hudi, $"alter table {name} add columns (st.d string after bee)");
            await SameAsync(hudi, table, path, "Hudi's alters");
            await UpsertAsync("id string, ts bigint, words string, city string, st struct<a: int, bee: string, d: string>, later int", """{"id":"k3","ts":5,"words":"w","city":"y","st":{"a":3,"bee":"q","d":"dd"},"later":9}""");
            await SameAsync(hudi, table, path, "our upsert with a column more");
            if (type == TableType.MergeOnRead)
            {
                await table.CompactAsync();
                await SameAsync(hudi, table, path, "our compaction");
            }

            Sql(hudi, $"refresh table {name}");
            Sql(hudi, $"update {name} set words = 'updated', ts = 9 where id = 'k4'");
            await SameAsync(hudi, table, path, "Hudi's update");
        }
        finally
        {
            foreach (var setting in new[] { "hoodie.schema.on.read.enable", "spark.sql.parquet.enableVectorizedReader", "hoodie.write.auto.upgrade", "hoodie.datasource.write.schema.allow.auto.evolution.column.drop", "hoodie.spark.sql.insert.into.operation", "hoodie.metadata.enable" })
            {
                Sql(hudi, $"reset {setting}");
            }
        }
    }

    /// <summary>A range of commits is read under the latest columns, wherever it ends, as Hudi does where hoodie.datasource.read.schema.use.end.instanttime is not set.</summary>
    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Ranges_across_changed_columns_have_the_latest_ones(TableType type)
    {
        const string First = "id string, ts bigint, i int, s string, gone string, city string";
        var hudi = RequireHudi();
        var path = Path.Combine(root, "ranges");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), TableSchema.FromDdl(First, "t"), new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"] }, null, default);
        async Task<string> UpsertAsync(string ddl, params string[] lines) => (await table.UpsertAsync([await Parse(TableSchema.FromDdl(ddl, "t"), lines)])).CompletionTime!;
        var times = new List<string?> { "000", await UpsertAsync(First, [.. Enumerable.Range(0, 6).Select(k => $$"""{"id":"k{{k}}","ts":1,"i":{{k}},"s":"s{{k}}","gone":"g","city":"{{(k % 2 == 0 ? "x" : "y")}}"}""")]) };
        times.Add(await UpsertAsync(First, """{"id":"k0","ts":2,"i":10,"s":"two","gone":"g","city":"x"}"""));
        await table.AlterSchemaAsync([SchemaChange.Rename("s", "text"), SchemaChange.Drop("gone"), SchemaChange.ChangeType("i", "bigint"), SchemaChange.Add("gone", "int")]);
        const string Second = "id string, ts bigint, i bigint, text string, city string, gone int";
        times.Add(await UpsertAsync(Second, """{"id":"k2","ts":3,"i":60000000000,"text":"three","city":"x","gone":3}"""));
        times.Add(await UpsertAsync(Second, """{"id":"k1","ts":4,"i":4,"text":"four","city":"y","gone":4}""", """{"id":"k9","ts":4,"i":9,"text":"nine","city":"y"}"""));
        string[] settings = ["hoodie.schema.on.read.enable=true", "spark.sql.parquet.enableVectorizedReader=false"];
        foreach (var setting in settings)
        {
            Sql(hudi, "set " + setting);
        }

        try
        {
            foreach (var (begin, end) in new[] { (0, 2), (1, 2), (1, 3), (2, 4), (0, 4), (1, 4) })
            {
                var options = new JsonObject { ["hoodie.schema.on.read.enable"] = "true" };
                Same(Ask(hudi, path, "incremental", new JsonObject { ["begin"] = times[begin], ["end"] = times[end], ["options"] = options }), await ReadAsync(table, new ReadOptions { Begin = times[begin], End = times[end] }), $"the commits from {begin} to {end}");
            }
        }
        finally
        {
            foreach (var setting in settings)
            {
                Sql(hudi, "reset " + setting[..setting.IndexOf('=', StringComparison.Ordinal)]);
            }
        }
    }
}
