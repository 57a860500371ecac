using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Cli;
using OllaLab.Lakehouse.S3;
using OllaLab.Lakehouse.Sql;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.S3Tests;

/// <summary>Whole tables on S3: written by several writers, compacted, read, asked by SQL and by the command line; real Hudi validates a copy.</summary>
public class S3TableTests
{
    private static readonly Schema Columns = new([new("id", StringType.Default, false), new("part", StringType.Default, false), new("ts", Int64Type.Default, false)], null);

    private static RecordBatch Rows(params (string Id, string Part, long Ts)[] rows) => new(
        Columns,
        [new StringArray.Builder().AppendRange(rows.Select(r => r.Id)).Build(), new StringArray.Builder().AppendRange(rows.Select(r => r.Part)).Build(), new Int64Array.Builder().AppendRange(rows.Select(r => r.Ts)).Build()],
        rows.Length);

    private static LakehouseOptions Optimistic(int retries = 50) => new()
    {
        Concurrency = new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, MaxClockSkew = TimeSpan.Zero, ConflictRetries = retries },
    };

    private static async Task<LakehouseTable> CreateAsync(string location, TableType type)
    {
        var table = new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] };
        return await LakehouseTable.CreateAsync(new S3ObjectStore(location, S3Server.Options()), Columns, table, Optimistic());
    }

    private static async Task<List<string>> ReadAsync(LakehouseTable table)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", "part", "ts"] }))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    rows.Add($"{((StringArray)batch.Column(0)).GetString(i)} {((StringArray)batch.Column(1)).GetString(i)} {((Int64Array)batch.Column(2)).GetValue(i)}");
                }
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Several_writers_and_a_compaction_and_Hudi_finds_it_right(TableType type)
    {
        var location = S3Server.NewLocation();
        await using var table = await CreateAsync(location, type);
        await table.UpsertAsync([Rows([.. Enumerable.Range(0, 40).Select(i => ($"k{i:00}", i % 2 == 0 ? "a" : "b", 1L))])]);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            await using var mine = await LakehouseTable.OpenAsync(new S3ObjectStore(location, S3Server.Options()), Optimistic());
            await mine.UpsertAsync([Rows(("k00", "a", 10 + writer), ($"w{writer}", "c", 1), ("new", "c", writer))]);
        })));
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
        }

        await table.UpsertAsync([Rows(("k01", "b", 50))]);
        var rows = await ReadAsync(table);
        Assert.Equal(44, rows.Count);
        Assert.All(["k00 a 12", "k01 b 50", "w0 c 1", "w1 c 1", "w2 c 1", "new c 2"], r => Assert.Contains(r, rows));

        using var sql = LakehouseSql.Open(("t", table));
        await using (var reader = await sql.ExecuteReaderAsync("SELECT count(*), max(ts) FROM t WHERE part <> 'c'"))
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal((40L, 50L), (reader.GetInt64(0), reader.GetInt64(1)));
        }

        if (Oracle.Instance is not null)
        {
            var copy = Directory.CreateTempSubdirectory("s3copy").FullName;
            try
            {
                var local = new LocalObjectStore(copy);
                await foreach (var entry in table.Store.ListAsync(string.Empty, recursive: true))
                {
                    await local.PutAsync(entry.Path, await table.Store.ReadAsync(entry.Path), PutCondition.IfAbsent);
                }

                HudiCheck.Validate(copy, rows.Count);
            }
            finally
            {
                Directory.Delete(copy, true);
            }
        }
    }

    [Fact]
    public async Task The_command_line_takes_a_location()
    {
        var location = S3Server.NewLocation();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "testaccess");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Secret);
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", S3Server.Endpoint);
        async Task<string> RunAsync(string input, params string[] args)
        {
            using var output = new MemoryStream();
            var error = new StringWriter();
            var code = await CommandLine.RunAsync(args, new CommandContext(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), () => new Unclosed(output), error) { IsTerminal = false, IsErrorTerminal = false });
            Assert.True(code == 0, error.ToString());
            return Encoding.UTF8.GetString(output.ToArray());
        }

        await RunAsync(string.Empty, "create", location, "--schema", "id string, part string, ts bigint", "--key", "id", "--partition", "part", "--ordering", "ts");
        await RunAsync("{\"id\":\"a\",\"part\":\"p\",\"ts\":1}\n{\"id\":\"b\",\"part\":\"p\",\"ts\":2}\n", "write", location, "--input", "-", "--option", "hoodie.write.concurrency.mode=optimistic_concurrency_control");
        Assert.Contains("\"b\"", await RunAsync(string.Empty, "read", location, "--json"));
        Assert.Contains("3", await RunAsync(string.Empty, "sql", "SELECT sum(ts) FROM t", "--table", "t=" + location, "--json"));
    }

    private sealed class Unclosed(Stream inner) : MemoryStream
    {
        protected override void Dispose(bool disposing) => WriteTo(inner);
    }
}
