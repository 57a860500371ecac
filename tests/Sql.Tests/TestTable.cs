using System.Text;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>A table in a folder of its own, which goes with it.</summary>
internal sealed class TestTable : IAsyncDisposable
{
    private readonly string folder;

    private TestTable(string folder, LakehouseTable table) => (this.folder, Table) = (folder, table);

    public LakehouseTable Table { get; }

    public static async Task<TestTable> CreateAsync(string ddl, TableOptions options, string name = "t", bool useMetadata = true)
    {
        var folder = Directory.CreateTempSubdirectory("lakehouse-sql-").FullName;
        var table = await LakehouseTable.CreateAsync(new LocalObjectStore(Path.Combine(folder, name)), TableSchema.FromDdl(ddl, "t"), options, new LakehouseOptions { Threads = 2, UseMetadataTable = useMetadata }, CancellationToken.None);
        return new TestTable(folder, table);
    }

    /// <summary>Writes JSON lines, as inserts: each call makes files of its own.</summary>
    public async Task<(string Instant, string Completion)> WriteAsync(params IEnumerable<string> lines)
    {
        var schema = await Table.GetSchemaAsync();
        var data = new Apache.Arrow.Schema([.. schema.FieldsList.Where(f => !f.Name.StartsWith("_hoodie_", StringComparison.Ordinal))], null);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var written = await Table.BulkInsertAsync(JsonLinesReader.ReadAsync(input, data), new WriteOptions { BloomEntries = 1000 });
        return (written.Instant!, written.CompletionTime!);
    }

    public async ValueTask DisposeAsync()
    {
        await Table.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
