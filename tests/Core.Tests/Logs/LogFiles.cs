using Apache.Arrow;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>Log files in memory.</summary>
internal static class LogFiles
{
    public const string Path = "p/.log";

    public static readonly Dictionary<LogHeader, string> Headers = new() { [LogHeader.InstantTime] = "20240102030405678" };

    public static async Task<byte[]> WriteAsync(Func<LogFileWriter, Task> write)
    {
        var store = new MemoryObjectStore();
        await using var writer = await LogFileWriter.CreateAsync(store, Path, CancellationToken.None);
        await write(writer);
        long length = writer.Length;
        Assert.Null(await store.GetInfoAsync(Path));
        Assert.Equal(length, await writer.CompleteAsync(CancellationToken.None));
        var bytes = (await store.ReadAsync(Path)).ToArray();
        Assert.Equal(length, bytes.Length);
        return bytes;
    }

    public static Task<byte[]> WriteRowsAsync(LogBlockType type, RecordBatch rows, TableSchema schema, string? json = null) => WriteAsync(async writer =>
    {
        var headers = json is null ? Headers : new Dictionary<LogHeader, string>(Headers) { [LogHeader.Schema] = json };
        await writer.AppendRowsAsync(type, rows, schema, headers, CancellationToken.None);
    });

    public static async Task<(List<LogBlock> Blocks, LogBlockReader Reader)> ReadAsync(byte[] bytes)
    {
        var store = new MemoryObjectStore();
        await store.PutAsync(Path, bytes, PutCondition.None);
        return (await LogFileReader.ReadBlocksAsync(store, Path, bytes.Length, CancellationToken.None).ToListAsync(), new LogBlockReader(store, ParquetSharpFormat.Instance));
    }

    public static async Task<List<RecordBatch>> RowsAsync(this LogBlockReader reader, LogBlock block, TableSchema table, Schema wanted, int batchRows = 1000) =>
        await reader.ReadRowsAsync(block, table, wanted, batchRows, CancellationToken.None).ToListAsync();

    public static byte[] Content(byte[] file, LogBlock block) => file.AsSpan((int)block.ContentStart, (int)block.ContentLength).ToArray();
}
