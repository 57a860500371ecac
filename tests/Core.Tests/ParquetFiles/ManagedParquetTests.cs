using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.ParquetFiles;
using ParquetSharp;

namespace Core.Tests.ParquetFiles;

/// <summary>The managed reader gives what the native one gives, or refuses by name.</summary>
public class ManagedParquetTests
{
    [Fact]
    public async Task Both_readers_give_the_same_rows_of_every_golden_file()
    {
        int files = 0;
        foreach (var (name, bytes) in GoldenParquet.Files().Concat(GoldenParquet.Files(metadata: true)))
        {
            Assert.True(await SameAsync(bytes, name), $"{name} is refused");
            files++;
        }

        Assert.True(files > 500, $"only {files} files");
    }

    [Fact]
    public async Task Batches_have_their_rows_place_in_the_file_and_the_columns_asked_for()
    {
        var (_, bytes) = GoldenParquet.Files("cow_types.zip").First();
        await using var file = await ManagedParquetFormat.Instance.OpenAsync(await GoldenParquet.StoreAsync(bytes), "f.parquet", CancellationToken.None);
        long next = 0;
        await foreach (var batch in file.ReadAsync(new ParquetReadRequest { Columns = ["st", "id"], BatchRows = 7 }, CancellationToken.None))
        {
            Assert.Equal(next, batch.FirstRow);
            Assert.Equal(["st", "id"], batch.Batch.Schema.FieldsList.Select(f => f.Name));
            next += batch.Batch.Length;
        }

        Assert.Equal(file.Footer.NumRows, next);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Files_of_other_settings_read_the_same_or_are_refused_by_column(string name, bool refused)
    {
        byte[] bytes = Write(name);
        Assert.Equal(!refused, await SameAsync(bytes, name));
    }

    public static TheoryData<string, bool> Writers() => new()
    {
        { "plain", false },
        { "V2", true },
        { "V2-flat", false },
        { "V2-numbers", false },
        { "snappy", false },
        { "gzip", false },
        { "zstd", false },
        { "brotli", false },
        { "lz4", false },
        { "delta", false },
        { "delta-texts", false },
        { "delta-length", false },
        { "split", true },
        { "rle-booleans", true },
        { "integers", false },
        { "V2-delta", false },
        { "V2-snappy", false },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Damaged_pages_are_errors_that_name_the_file(bool native)
    {
        IParquetFormat format = native ? ParquetSharpFormat.Instance : ManagedParquetFormat.Instance;
        byte[] bytes = Write("snappy");
        var footer = ParquetFooter.ParseFile(bytes);
        int refused = 0;
        for (int at = 4; at < footer.RowGroups[0].Columns[^1].Start; at += 97)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x55;
            await using var file = await format.OpenAsync(await GoldenParquet.StoreAsync(damaged), "f.parquet", CancellationToken.None);
            try
            {
                await foreach (var read in file.ReadAsync(new ParquetReadRequest(), CancellationToken.None))
                {
                    read.Batch.Dispose();
                }
            }
            catch (LakehouseException error)
            {
                Assert.True(error.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.Unsupported, error.ToString());
                Assert.Equal("f.parquet", error.Path);
                refused++;
            }
        }

        Assert.True(refused > 3);
    }

    private static async Task<bool> SameAsync(byte[] bytes, string name)
    {
        var store = await GoldenParquet.StoreAsync(bytes);
        await using var native = await ParquetSharpFormat.Instance.OpenAsync(store, "f.parquet", CancellationToken.None);
        await using var managed = await ManagedParquetFormat.Instance.OpenAsync(store, "f.parquet", CancellationToken.None);
        var expected = await ParquetRows.ReadAsync(native);
        List<string> actual;
        try
        {
            actual = await ParquetRows.ReadAsync(managed);
        }
        catch (LakehouseException error) when (error.Kind == LakehouseErrorKind.Unsupported)
        {
            Assert.Contains("native reader", error.Remedy);
            Assert.Contains("Column '", error.Message);
            return false;
        }

        Assert.True(expected.SequenceEqual(actual), $"{name}: {expected.Zip(actual).FirstOrDefault(p => p.First != p.Second)}");
        return true;
    }

    private static byte[] Write(string name)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.DataPagesize(2000).Compression(Compression.Uncompressed);
        if (name.StartsWith("V2", StringComparison.Ordinal))
        {
            builder.DataPageVersion(ParquetDataPageVersion.V2);
        }

        bool flat = name != "V2" && name != "V2-numbers" && name.StartsWith("V2", StringComparison.Ordinal);
        string[] columns = name.Contains("numbers", StringComparison.Ordinal) ? ["i", "l", "d"] : flat ? ["i", "l", "d", "s", "dec"] : ["i", "l", "d", "s", "dec", "b", "list", "deep"];
        switch (name)
        {
            case "snappy" or "V2-snappy":
                builder.Compression(Compression.Snappy);
                break;
            case "gzip":
                builder.Compression(Compression.Gzip);
                break;
            case "zstd":
                builder.Compression(Compression.Zstd);
                break;
            case "brotli":
                builder.Compression(Compression.Brotli);
                break;
            case "lz4":
                builder.Compression(Compression.Lz4);
                break;
            case "delta" or "V2-delta":
                builder.DisableDictionary().Encoding("i", Encoding.DeltaBinaryPacked).Encoding("l", Encoding.DeltaBinaryPacked);
                break;
            case "delta-texts":
                builder.DisableDictionary().Encoding("s", Encoding.DeltaByteArray);
                break;
            case "delta-length":
                builder.DisableDictionary().Encoding("s", Encoding.DeltaLengthByteArray);
                break;
            case "split":
                builder.DisableDictionary().Encoding("d", Encoding.ByteStreamSplit);
                break;
            case "rle-booleans":
                builder.DisableDictionary().Encoding("b", Encoding.Rle);
                break;
            case "integers":
                builder.EnableStoreDecimalAsInteger();
                break;
        }

        var all = Batch();
        var schema = new Apache.Arrow.Schema(columns.Select(c => all.Schema.GetFieldByName(c)), null);
        var batch = new RecordBatch(schema, columns.Select(c => all.Column(c)), all.Length);
        using var stream = new MemoryStream();
        using (var properties = builder.Build())
        using (var writer = new ParquetSharp.Arrow.FileWriter(stream, schema, properties, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch, 700);
            writer.Close();
        }

        return stream.ToArray();
    }

    private static RecordBatch Batch()
    {
        const int rows = 1500;
        var i = new Int32Array.Builder();
        var l = new Int64Array.Builder();
        var d = new DoubleArray.Builder();
        var s = new StringArray.Builder();
        var dec = new Decimal128Array.Builder(new Decimal128Type(9, 3));
        var b = new BooleanArray.Builder();
        var list = new ListArray.Builder(new Apache.Arrow.Field("element", Int32Type.Default, true));
        var items = (Int32Array.Builder)list.ValueBuilder;
        var outer = new ListArray.Builder(new Apache.Arrow.Field("element", new ListType(new Apache.Arrow.Field("element", StringType.Default, true)), true));
        var inner = (ListArray.Builder)outer.ValueBuilder;
        var texts = (StringArray.Builder)inner.ValueBuilder;
        for (int row = 0; row < rows; row++)
        {
            _ = row % 11 == 4 ? i.AppendNull() : i.Append((row * 7919) % 1000 - 500);
            l.Append((long)row * row * row * (row % 2 == 0 ? 1 : -1));
            _ = row % 5 == 1 ? d.AppendNull() : d.Append(row / 3.0);
            _ = row % 13 == 6 ? s.AppendNull() : s.Append($"text {row % 50} é{new string('x', row % 9)}");
            _ = row % 17 == 3 ? dec.AppendNull() : dec.Append((row - 700) / 8m);
            _ = row % 4 == 2 ? b.AppendNull() : b.Append(row % 3 == 0);
            if (row % 6 == 5)
            {
                list.AppendNull();
                outer.AppendNull();
                continue;
            }

            list.Append();
            outer.Append();
            for (int n = 0; n < row % 4; n++)
            {
                _ = n == 2 ? items.AppendNull() : items.Append(row + n);
                if (n == 1)
                {
                    inner.AppendNull();
                    continue;
                }

                inner.Append();
                for (int t = 0; t < n + row % 2; t++)
                {
                    _ = t == 1 ? texts.AppendNull() : texts.Append($"{row}.{n}.{t}");
                }
            }
        }

        (string Name, IArrowArray Array)[] columns =
        [
            ("i", i.Build()), ("l", l.Build()), ("d", d.Build()), ("s", s.Build()), ("dec", dec.Build()), ("b", b.Build()), ("list", list.Build()), ("deep", outer.Build()),
        ];
        return new RecordBatch(new Apache.Arrow.Schema(columns.Select(c => new Apache.Arrow.Field(c.Name, c.Array.Data.DataType, true)), null), columns.Select(c => c.Array), rows);
    }
}
