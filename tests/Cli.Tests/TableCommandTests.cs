using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class TableCommandTests
{
    private const string Columns = "id string not null, ts bigint, fare double, amount decimal(10,2), at timestamp, tags array<string>, city string";

    [Theory]
    [InlineData("6")]
    [InlineData("8")]
    [InlineData("9")]
    public async Task A_table_is_created_written_and_looked_at(string version)
    {
        using var folder = new TableFolder();
        await Create(folder, "--table-version", version);
        Assert.Equal(
            "id string not null, ts bigint, fare double, amount decimal(10,2), at timestamp, tags array<string>, city string",
            string.Join(" ", (await Cli.DoAsync("", "schema", folder.Table)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim())));
        Assert.Equal("record", JsonDocument.Parse(await Cli.DoAsync("", "schema", folder.Table, "--json")).RootElement.GetProperty("type").GetString());

        var config = Lines(await Cli.DoAsync("", "config", folder.Table, "--json")).ToDictionary(l => l.GetProperty("property").GetString()!, l => l.GetProperty("value").GetString());
        Assert.Equal(("trips", "COPY_ON_WRITE", version), (config["hoodie.table.name"], config["hoodie.table.type"], config["hoodie.table.version"]));

        var written = Lines(await Cli.DoAsync(Row("a", 1) + Row("b", 2), "write", folder.Table, "--input", "-", "--json")).Single();
        Assert.Equal((2, 2, 0), (written.GetProperty("input_rows").GetInt32(), written.GetProperty("inserted").GetInt32(), written.GetProperty("updated").GetInt32()));
        var updated = Lines(await Cli.DoAsync(Row("b", 3), "write", folder.Table, "--input", "-", "--json", "--index", "bloom", "--metadata", "job=nightly")).Single();
        Assert.Equal(1, updated.GetProperty("updated").GetInt32());

        var timeline = Lines(await Cli.DoAsync("", "timeline", folder.Table, "--json"));
        Assert.Equal(["commit", "commit"], timeline.Select(l => l.GetProperty("action").GetString()));
        Assert.Equal(written.GetProperty("instant").GetString(), timeline[0].GetProperty("instant").GetString());
        var files = Lines(await Cli.DoAsync("", "files", folder.Table, "--json"));
        Assert.Equal("oslo", files.Single().GetProperty("partition").GetString());
        var before = Lines(await Cli.DoAsync("", "files", folder.Table, "--json", "--as-of", written.GetProperty("instant").GetString()!));
        Assert.NotEqual(files[0].GetProperty("file").GetString(), before.Single().GetProperty("file").GetString());

        var undone = Lines(await Cli.DoAsync("", "rollback", folder.Table, "--instant", updated.GetProperty("instant").GetString()!, "--json")).Single();
        Assert.Equal(updated.GetProperty("instant").GetString(), undone.GetProperty("instant").GetString());
        Assert.Equal(before[0].GetProperty("file").GetString(), Lines(await Cli.DoAsync("", "files", folder.Table, "--json")).Single().GetProperty("file").GetString());
    }

    [Theory]
    [InlineData("v6/mor_clean_archive")]
    [InlineData("v9/cow_clean_archive")]
    public async Task Archived_instants_are_listed_on_request(string name)
    {
        var table = TestSupport.Golden.Open(name).Table;
        var active = Lines(await Cli.DoAsync("", "timeline", table, "--json")).Select(l => l.GetProperty("instant").GetString()).ToList();
        var all = Lines(await Cli.DoAsync("", "timeline", table, "--archived", "--json"));
        Assert.True(all.Count > active.Count + 5);
        Assert.Equal(active, all.Where(l => l.GetProperty("state").GetString() != "archived").Select(l => l.GetProperty("instant").GetString()));
        Assert.Equal("UPSERT", all[0].GetProperty("operation").GetString());
    }

    [Fact]
    public async Task Rows_are_updated_and_deleted_by_condition()
    {
        using var folder = new TableFolder();
        await Create(folder);
        await Cli.DoAsync(Row("a", 1) + Row("b", 2) + Row("c", 3), "write", folder.Table, "--input", "-");
        var counted = Lines(await Cli.DoAsync("", "update", folder.Table, "--set", "fare = 1", "--where", "id <> 'a'", "--dry-run", "--json")).Single();
        Assert.Equal((2, JsonValueKind.Null), (counted.GetProperty("input_rows").GetInt32(), counted.GetProperty("instant").ValueKind));
        var updated = Lines(await Cli.DoAsync("", "update", folder.Table, "--set", "fare = ts * 1.5, amount = NULL", "--where", "id <> 'a'", "--json")).Single();
        Assert.Equal(2, updated.GetProperty("updated").GetInt32());
        Assert.Equal(["3", "4.5"], Lines(await Cli.DoAsync("", "read", folder.Table, "--where", "amount IS NULL AND id <> 'a'", "--format", "jsonl")).Select(l => l.GetProperty("fare").GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture)).Order());
        var deleted = Lines(await Cli.DoAsync("", "delete", folder.Table, "--where", "fare > 4", "--json")).Single();
        Assert.Equal(1, deleted.GetProperty("deleted").GetInt32());
        Assert.Equal(["a", "b"], Lines(await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl")).Select(l => l.GetProperty("id").GetString()).Order());
        var (code, _, error) = await Cli.RunAsync(["update", folder.Table, "--set", "city = 'rome'"]);
        Assert.Equal(1, code);
        Assert.Contains("key or partition", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_a_table_without_meta_columns_are_counted_in_a_dry_run()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--schema", "id string, ts bigint", "--key", "id", "--ordering", "ts", "--option", "hoodie.populate.meta.fields=false");
        await Cli.DoAsync("{\"id\":\"a\",\"ts\":1}\n{\"id\":\"b\",\"ts\":2}\n", "write", folder.Table, "--input", "-");
        foreach (var command in new[] { new[] { "delete" }, ["update", "--set", "ts = 3"] })
        {
            var counted = Lines(await Cli.DoAsync("", [command[0], folder.Table, .. command[1..], "--where", "ts > 1", "--dry-run", "--json"])).Single();
            Assert.Equal(1, counted.GetProperty("input_rows").GetInt32());
        }
    }

    [Fact]
    public async Task Savepoints_are_kept_and_restored()
    {
        using var folder = new TableFolder();
        await Create(folder);
        await Cli.DoAsync(Row("a", 1), "write", folder.Table, "--input", "-");
        var made = Lines(await Cli.DoAsync("", "savepoint", "create", folder.Table, "--user", "ana", "--comments", "before", "--json")).Single();
        var instant = made.GetProperty("instant").GetString()!;
        Assert.Equal(("ana", "before", 1), (made.GetProperty("user").GetString(), made.GetProperty("comments").GetString(), made.GetProperty("files").GetInt32()));
        await Cli.DoAsync(Row("b", 2), "write", folder.Table, "--input", "-");
        await Cli.DoAsync(Row("c", 3), "write", folder.Table, "--input", "-");
        Assert.Equal(2, Lines(await Cli.DoAsync("", "restore", folder.Table, "--dry-run", "--json")).Count);
        Assert.Equal(2, Lines(await Cli.DoAsync("", "restore", folder.Table, "--savepoint", instant, "--json")).Count);
        Assert.Equal("a", Lines(await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl")).Single().GetProperty("id").GetString());
        Assert.Equal(instant, Lines(await Cli.DoAsync("", "savepoint", "list", folder.Table, "--json")).Single().GetProperty("instant").GetString());
        await Cli.DoAsync("", "savepoint", "delete", folder.Table, "--instant", instant);
        Assert.Empty(Lines(await Cli.DoAsync("", "savepoint", "list", folder.Table, "--json")));
        Assert.Equal(2, (await Cli.RunAsync(["restore", folder.Table, "--to", instant, "--savepoint", instant])).Code);
    }

    [Fact]
    public async Task People_see_tables_and_messages()
    {
        using var folder = new TableFolder();
        await Create(folder);
        var (_, output, error) = await Cli.RunAsync(["write", folder.Table, "--input", "-"], Row("a", 1));
        Assert.Empty(output);
        Assert.Contains("1 rows read, 1 inserted, 0 updated, 0 deleted", error);
        Assert.Contains("│ commit", await Cli.DoAsync("", "timeline", folder.Table));
    }

    [Fact]
    public async Task Bad_input_is_refused_and_the_table_untouched()
    {
        using var folder = new TableFolder();
        await Create(folder);
        var (code, _, error) = await Cli.RunAsync(["write", folder.Table, "--input", folder.Write("bad.jsonl", Row("a", 1) + "{\"id\":\"b\",\"fare\":\"much\"}\n")]);
        Assert.Equal(1, code);
        Assert.StartsWith("lakehouse: Line 2, field \"fare\": expected double, got \"much\"", error);
        Assert.Contains(folder.Table, error);
        Assert.Empty(Lines(await Cli.DoAsync("", "files", folder.Table, "--json")));
    }

    [Fact]
    public async Task Csv_and_the_columns_of_a_Parquet_file_are_taken()
    {
        using var folder = new TableFolder();
        await Create(folder);
        var csv = folder.Write("in.tsv", "id\tts\tcity\ttags\nx\t1\toslo\t[]\ny\t2\t\"lis\tbon\"\t\n");
        Assert.Equal(2, Lines(await Cli.DoAsync("", "write", folder.Table, "--input", csv, "--json")).Single().GetProperty("inserted").GetInt32());
        var file = Directory.EnumerateFiles(folder.Table, "*.parquet", SearchOption.AllDirectories).First();
        var other = Path.Combine(folder.Root, "other");
        await Cli.DoAsync("", "create", other, "--like", file, "--key", "id");
        Assert.Contains("amount decimal(10,2)", await Cli.DoAsync("", "schema", other));
        Assert.Equal(1, Lines(await Cli.DoAsync("", "write", other, "--input", file, "--json")).Single().GetProperty("inserted").GetInt32());
    }

    [Fact]
    public async Task Options_of_other_engines_tables_are_understood_or_refused()
    {
        using var folder = new TableFolder();
        await Create(folder, "--option", "hoodie.metadata.enable=false", "--option", "hoodie.datasource.write.hive_style_partitioning=true", "--index", "bloom");
        Assert.Contains("\"hoodie.datasource.write.hive_style_partitioning\",\"value\":\"true\"", await Cli.DoAsync("", "config", folder.Table, "--json"));
        Assert.Equal(1, (await Cli.RunAsync(["create", folder.Table + "2", "--schema", "id string", "--option", "hoodie.metadata.enable=maybe"])).Code);
        Assert.Equal(1, (await Cli.RunAsync(["create", folder.Table + "2", "--schema", "id string", "--option", "hoodie.nonsense=true"])).Code);
        Assert.False(Directory.Exists(folder.Table + "2"));
        await Cli.DoAsync("", "create", folder.Table + "2", "--schema", "id string", "--type", "mor");
        Assert.Contains("\"hoodie.table.type\",\"value\":\"MERGE_ON_READ\"", await Cli.DoAsync("", "config", folder.Table + "2", "--json"));
        var (code, _, error) = await Cli.RunAsync(["write", folder.Table, "--input", "-", "--option", "hoodie.nonsense=1"], Row("a", 1));
        Assert.Equal(1, code);
        Assert.Contains("hoodie.nonsense", error);
        await Cli.DoAsync(Row("a", 1), "write", folder.Table, "--input", "-", "--option", "hoodie.metadata.enable=false", "--option", "hoodie.parquet.compression.codec=zstd");
    }

    internal static Task Create(TableFolder folder, params string[] more) =>
        Cli.DoAsync("", ["create", folder.Table, "--name", "trips", "--type", "cow", "--schema", Columns, "--key", "id", "--partition", "city", "--ordering", "ts", .. more]);

    internal static string Row(string id, int ts) =>
        $"{{\"id\":\"{id}\",\"ts\":{ts},\"fare\":{ts}.5,\"amount\":12.34,\"at\":\"2024-01-02T03:04:05.000006Z\",\"tags\":[\"x\"],\"city\":\"oslo\"}}\n";

    internal static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
}
