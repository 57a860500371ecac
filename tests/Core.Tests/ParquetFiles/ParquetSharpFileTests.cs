using OllaLab.Lakehouse;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;

namespace Core.Tests.ParquetFiles;

public class ParquetSharpFileTests
{
    [Fact]
    public async Task Every_golden_file_reads_with_as_many_rows_as_its_footer_says()
    {
        int files = 0;
        foreach (var (name, bytes) in GoldenParquet.Files())
        {
            var store = await GoldenParquet.StoreAsync(bytes);
            await using var file = await ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", CancellationToken.None);
            long rows = 0;
            await foreach (var read in file.ReadAsync(new ParquetReadRequest { BatchRows = 1000 }, CancellationToken.None))
            {
                using var batch = read.Batch;
                Assert.True(read.FirstRow == rows, name);
                Assert.Equal(file.Schema.FieldsList.Select(f => f.Name), batch.Schema.FieldsList.Select(f => f.Name));
                rows += batch.Length;
            }

            Assert.True(rows == file.Footer.NumRows, name);
            files++;
        }

        Assert.True(files > 400, $"only {files} files");
    }

    [Fact]
    public async Task Local_files_and_other_stores_give_the_same_rows_and_columns_come_in_the_order_asked_for()
    {
        var (_, bytes) = GoldenParquet.Files("cow_types.zip").First();
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllBytes(Path.Combine(folder, "f.parquet"), bytes);
        await using var local = await ParquetSharpFormat.Instance.OpenAsync(new LocalObjectStore(folder), "f.parquet", CancellationToken.None);
        await using var memory = await ParquetSharpFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(bytes), "f.parquet", CancellationToken.None);
        Assert.Equal(await ParquetRows.ReadAsync(local), await ParquetRows.ReadAsync(memory, new ParquetReadRequest { BatchRows = 1 }));

        var all = await ParquetRows.ReadAsync(memory, new ParquetReadRequest { Columns = ["id", "m", "arr"] });
        var turned = await ParquetRows.ReadAsync(memory, new ParquetReadRequest { Columns = ["arr", "m", "id"] });
        Assert.Equal(all, turned.Select(row => string.Join(" | ", row.Split(" | ").Reverse())));
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task An_object_store_is_asked_once_for_a_small_file_of_known_length_and_not_for_its_tail_again()
    {
        var (_, bytes) = GoldenParquet.Files("cow_types.zip").First();
        var inner = await GoldenParquet.StoreAsync(bytes);
        var store = new CountingStore(inner);
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", bytes.Length, CancellationToken.None);
        await using var whole = await ParquetSharpFormat.Instance.OpenAsync(inner, "f.parquet", CancellationToken.None);
        Assert.True(bytes.Length <= ParquetFooter.RemoteTailRead);
        Assert.Equal(await ParquetRows.ReadAsync(whole), await ParquetRows.ReadAsync(file));
        Assert.Equal(1, store.Reads);

        await Assert.ThrowsAsync<LakehouseException>(async () => await ParquetSharpFormat.Instance.OpenAsync(inner, "f.parquet", bytes.Length + 1, CancellationToken.None));
        await Assert.ThrowsAsync<LakehouseException>(async () => await ParquetSharpFormat.Instance.OpenAsync(inner, "f.parquet", bytes.Length - 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_named()
    {
        var (_, bytes) = GoldenParquet.Files("cow_types.zip").First();
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(bytes), "f.parquet", CancellationToken.None);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => ParquetRows.ReadAsync(file, new ParquetReadRequest { Columns = ["nowhere"] }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("nowhere", error.Message);
    }

    [Fact]
    public async Task Without_columns_only_rows_are_counted()
    {
        var (_, bytes) = GoldenParquet.Files("cow_large.zip").First();
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(bytes), "f.parquet", CancellationToken.None);
        var rows = await ParquetRows.ReadAsync(file, new ParquetReadRequest { Columns = [] });
        Assert.Equal(file.Footer.NumRows, rows.Count);
    }

    [Fact]
    public async Task A_missing_file_is_not_found_and_a_cut_one_is_corrupt()
    {
        var (_, bytes) = GoldenParquet.Files("cow_types.zip").First();
        var store = await GoldenParquet.StoreAsync(bytes[..^20]);
        var missing = await Assert.ThrowsAsync<LakehouseException>(() => ParquetSharpFormat.Instance.OpenAsync(store, "g.parquet", CancellationToken.None).AsTask());
        Assert.Equal(LakehouseErrorKind.NotFound, missing.Kind);
        var cut = await Assert.ThrowsAsync<LakehouseException>(() => ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", CancellationToken.None).AsTask());
        Assert.Equal(LakehouseErrorKind.Corrupt, cut.Kind);
        Assert.Equal("f.parquet", cut.Path);
    }
}
