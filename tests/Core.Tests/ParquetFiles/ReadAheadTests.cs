using OllaLab.Lakehouse;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace Core.Tests.ParquetFiles;

/// <summary>Row groups of a file on an object store: the next one is fetched while one is read.</summary>
public class ReadAheadTests
{
    private const int Groups = 5;
    private const int RowsEach = 60_000;

    [Fact]
    public async Task The_next_row_group_is_asked_for_once_before_it_is_wanted()
    {
        var (asked, seen) = (0, new List<int>());
        await using var file = await OpenAsync(_ =>
        {
            asked++;
            return Task.CompletedTask;
        });
        asked = 0;
        Assert.Equal(Expected(), await ReadAsync(file, _ => seen.Add(asked)));

        // Two when the first one is there; all when the last but one is, and none again.
        Assert.Equal([2, 3, 4, 5, 5], seen.Select(a => Math.Min(a, Groups)));
        Assert.Equal(Groups, asked);
    }

    [Fact]
    public async Task What_could_not_be_fetched_ahead_is_asked_for_again()
    {
        var asked = 0;
        await using var file = await OpenAsync(_ => ++asked % 3 == 0 ? throw new LakehouseException(LakehouseErrorKind.Storage, "gone for a moment") : Task.CompletedTask);
        Assert.Equal(Expected(), await ReadAsync(file));
    }

    [Fact]
    public async Task Nothing_is_read_when_a_reader_that_stopped_early_has_closed()
    {
        var (begun, ended) = (0, 0);
        var file = await OpenAsync(async _ =>
        {
            begun++;
            await Task.Delay(20);
            ended++;
        });
        await foreach (var read in file.ReadAsync(new ParquetReadRequest(), default))
        {
            read.Batch.Dispose();
            break;
        }

        await file.DisposeAsync();
        Assert.Equal(begun, ended);
    }

    private static IEnumerable<long> Expected() => Enumerable.Range(0, Groups).SelectMany(Values);

    private static long[] Values(int group)
    {
        var values = new long[RowsEach];
        new Random(group).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static async Task<List<long>> ReadAsync(IParquetFile file, Action<int>? first = null)
    {
        var rows = new List<long>();
        var last = -1;
        await foreach (var read in file.ReadAsync(new ParquetReadRequest(), default))
        {
            using var batch = read.Batch;
            if (read.RowGroup != last)
            {
                first?.Invoke(last = read.RowGroup);
            }

            rows.AddRange(((Apache.Arrow.Int64Array)batch.Column(0)).Values.ToArray());
        }

        return rows;
    }

    // The last row group is not within the file's end, which is read with the footer.
    private static async Task<IParquetFile> OpenAsync(Func<string, Task> onRange)
    {
        using var bytes = new MemoryStream();
        using (var stream = new ParquetSharp.IO.ManagedOutputStream(bytes, leaveOpen: true))
        using (var writer = new ParquetSharp.ParquetFileWriter(stream, [new ParquetSharp.Column<long>("n"), new ParquetSharp.Column<string>("text")]))
        {
            for (var group = 0; group < Groups; group++)
            {
                using var rows = writer.AppendRowGroup();
                using (var column = rows.NextColumn().LogicalWriter<long>())
                {
                    column.WriteBatch(Values(group));
                }

                using var texts = rows.NextColumn().LogicalWriter<string>();
                texts.WriteBatch([.. Enumerable.Range(0, RowsEach).Select(i => (i * 7919L % 1_000_003).ToString(System.Globalization.CultureInfo.InvariantCulture))]);
            }

            writer.Close();
        }

        var store = new HookedStore(await GoldenParquet.StoreAsync(bytes.ToArray())) { RequestsAtOnce = 8, Before = (kind, path) => kind == StorageOperationKind.ReadRange ? onRange(path) : Task.CompletedTask };
        return await ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", bytes.Length, CancellationToken.None);
    }
}
