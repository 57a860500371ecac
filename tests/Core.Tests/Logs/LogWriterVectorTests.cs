using Apache.Arrow;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Core.Tests.Logs;

/// <summary>What our writer makes of the rows and deletes of Hudi's log files: the same content byte for byte, the same header entries.</summary>
public sealed class LogWriterVectorTests
{
    public static TheoryData<string> Cases => [.. LogVectorTests.Cases.Select(c => c.Data).Where(c => !c.Contains("corrupt", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task BlocksAreThoseThatHudiWrites(string name)
    {
        foreach (var path in Directory.GetFiles(LogVectorTests.FolderOf(name)).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)))
        {
            var hudis = File.ReadAllBytes(path);
            var (blocks, reader) = await LogFiles.ReadAsync(hudis);
            foreach (var block in blocks.Where(b => b.Type is not (LogBlockType.HFileData or LogBlockType.ParquetData) && !name.EndsWith("/delete", StringComparison.Ordinal)))
            {
                var ours = await LogFiles.WriteAsync(writer => AppendAsync(writer, reader, block));
                var written = Assert.Single((await LogFiles.ReadAsync(ours)).Blocks);
                Assert.Equal(block.Type, written.Type);
                Assert.Equal(block.End - block.Start, written.End);
                Assert.Equal(block.Headers.OrderBy(h => h.Key), written.Headers.OrderBy(h => h.Key));
                Assert.Equal(LogFiles.Content(hudis, block), LogFiles.Content(ours, written));
            }
        }
    }

    private static async Task AppendAsync(LogFileWriter writer, LogBlockReader reader, LogBlock block)
    {
        if (block.Type == LogBlockType.Command)
        {
            await writer.AppendRollbackAsync(block.InstantTime!, block.TargetInstantTime!, CancellationToken.None);
        }
        else if (block.Type == LogBlockType.Delete)
        {
            // Of blocks that no table could have, with ordering values of all classes and several partition paths, see DeleteTests.
            var deletes = await reader.ReadDeletesAsync(block, CancellationToken.None);
            var paths = Enumerable.Range(0, deletes.Count).Select(row => deletes.PartitionPaths.GetString(row)).Distinct().ToList();
            var ordering = deletes.IsCommitTime(0) ? null : deletes.OrderingAs(TableSchema.FromDdl(block.InstantTime!.EndsWith("5678", StringComparison.Ordinal) || deletes.Count == 1 ? "o bigint" : "o int", "t"), ["o"]);
            await writer.AppendDeletesAsync(deletes.Keys, paths[0], ordering, block.Headers, CancellationToken.None);
        }
        else
        {
            var root = AvroTypeParser.Parse(AvroTypeParser.Json(block.Header(LogHeader.Schema)!));
            var schema = AvroToArrow.Convert(root);
            var batches = await reader.RowsAsync(block, reader.SchemaOf(block), schema);
            var rows = batches.Count > 0 ? batches[0] : new RecordBatch(schema, ColumnBuilders.Create(schema).Select(b => b.Build()), 0);
            await writer.AppendRowsAsync(block.Type, rows, reader.SchemaOf(block), block.Headers, CancellationToken.None);
        }
    }
}
