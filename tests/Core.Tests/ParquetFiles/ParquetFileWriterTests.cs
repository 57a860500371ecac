using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace Core.Tests.ParquetFiles;

public class ParquetFileWriterTests
{
    private static readonly Dictionary<string, string?> FileName = new() { ["_hoodie_file_name"] = "new.parquet" };

    [Fact]
    public async Task Every_golden_file_written_again_reads_the_same()
    {
        int copied = 0, encoded = 0;
        foreach (var (name, bytes) in GoldenParquet.Files())
        {
            var store = await GoldenParquet.StoreAsync(bytes);
            await using var source = await ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", CancellationToken.None);
            var schema = new ParquetOutputSchema(source.Schema, source.Footer.Root.Name);
            var expected = await ParquetRows.ReadAsync(source);

            var file = new MemoryStream();
            var writer = new ParquetFileWriter(file, schema, new ParquetWriteOptions { Codec = ParquetCodec.Snappy });
            await EncodeAsync(writer, source);
            writer.SetKeyValue("late", "value");
            long length = await writer.CloseAsync(CancellationToken.None);
            Assert.Equal(file.Length, length);
            await using var again = await ParquetSharpFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(file.ToArray()), "f.parquet", CancellationToken.None);
            Assert.Equal(expected, await ParquetRows.ReadAsync(again));
            Assert.Equal("value", again.Footer.GetKeyValue("late"));
            encoded++;

            if (schema.CanCopyFrom(source.Footer) && source.Footer.RowGroups.Count > 0)
            {
                var copy = await CopyAsync(store, source, schema, FileName);
                await using var read = await ParquetSharpFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(copy), "f.parquet", CancellationToken.None);
                var columns = source.Schema.FieldsList.Select(f => f.Name).Where(n => n != "_hoodie_file_name").ToList();
                Assert.Equal(
                    await ParquetRows.ReadAsync(source, new ParquetReadRequest { Columns = columns }),
                    await ParquetRows.ReadAsync(read, new ParquetReadRequest { Columns = columns }));
                Assert.All(await ParquetRows.ReadAsync(read, new ParquetReadRequest { Columns = ["_hoodie_file_name"] }), value => Assert.Equal("'new.parquet'", value));
                copied++;
            }
        }

        Assert.True(copied > 300 && encoded > copied, $"{copied} copied, {encoded} encoded");
    }

    private static async Task EncodeAsync(ParquetFileWriter writer, IParquetFile source)
    {
        for (int i = 0; i < source.Footer.RowGroups.Count; i++)
        {
            var batches = new List<RecordBatch>();
            await foreach (var read in source.ReadAsync(new ParquetReadRequest { RowGroups = [i] }, CancellationToken.None))
            {
                batches.Add(read.Batch);
            }

            using var group = RowGroupEncoder.Encode(writer.Schema, writer.Options, batches);
            batches.ForEach(batch => batch.Dispose());
            await writer.AppendAsync(group, CancellationToken.None);
        }
    }

    private static async Task<byte[]> CopyAsync(IObjectStore store, IParquetFile source, ParquetOutputSchema schema, Dictionary<string, string?> replace)
    {
        var file = new MemoryStream();
        var writer = new ParquetFileWriter(file, schema);
        for (int i = 0; i < source.Footer.RowGroups.Count; i++)
        {
            await writer.CopyRowGroupAsync(new RowGroupSource(store, source.Path, source.Footer, i), replace, CancellationToken.None);
        }

        await writer.CloseAsync(CancellationToken.None);
        return file.ToArray();
    }
}
