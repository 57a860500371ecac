using Apache.Arrow;
using Apache.Arrow.Types;
using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Tests.Arrays;

public class SpillFileTests
{
    [Fact]
    public void What_was_written_is_read_back_in_order() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var schema = new Schema([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new Field($"c{i}", RandomArrays.Type(random), true))], null);
        var models = new List<object?[][]>();
        using var file = new SpillFile();
        for (int b = random.Next(4); b >= 0; b--)
        {
            int rows = random.Next(4) == 0 ? 0 : random.Next(200);
            var values = schema.FieldsList.Select(f => RandomArrays.Values(random, f.DataType, rows)).ToArray();
            models.Add(values);
            using var batch = new RecordBatch(schema, values.Select((v, i) => RandomArrays.Sliced(random, schema.FieldsList[i].DataType, v)), rows);
            file.Write(batch);
        }

        for (int pass = 0; pass < 2; pass++)
        {
            int b = 0;
            foreach (var batch in file.Read())
            {
                Assert.Equal(models[b][0].Length, batch.Length);
                for (int c = 0; c < batch.ColumnCount; c++)
                {
                    KernelTests.AssertSame(models[b][c], batch.Column(c));
                    KernelTests.AssertSame(models[b][c], Kernels.Compact(batch.Column(c)));
                }

                b++;
            }

            Assert.Equal(models.Count, b);
        }

        Assert.Equal(models.Sum(m => (long)m[0].Length), file.Rows);
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void The_file_is_compressed_and_gone_after_dispose()
    {
        var folder = Directory.CreateTempSubdirectory("spill-test");
        try
        {
            var batch = new RecordBatch(new Schema([new Field("a", StringType.Default, false)], null), [Kernels.ConstantString("the same text", 100_000)], 100_000);
            using (var file = new SpillFile(folder.FullName))
            {
                file.Write(batch);
                Assert.InRange(file.Bytes, 1, 900_000);
                var onDisk = Assert.Single(folder.GetFiles());
                Assert.True(OperatingSystem.IsWindows() || onDisk.UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{onDisk.UnixFileMode}");
                Assert.Equal(100_000, file.Read().Single().Length);
            }

            Assert.Empty(folder.GetFiles());
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void A_dictionary_is_written_as_far_as_it_is_used()
    {
        var type = new DictionaryType(Int32Type.Default, StringType.Default, false);
        var whole = NaiveArrays.Build(type, [.. Enumerable.Range(0, 5000).Select(i => (object?)$"value {i}")]);
        using var file = new SpillFile();
        file.Write(new RecordBatch(new Schema([new Field("a", type, true)], null), [Kernels.Take(whole, [7, 4000])], 2));
        Assert.InRange(file.Bytes, 1, 300);
        KernelTests.AssertSame(["value 7", "value 4000"], file.Read().Single().Column(0));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_storage_error() =>
        Assert.Equal(LakehouseErrorKind.Storage, Assert.Throws<LakehouseException>(() => new SpillFile("/no/such/folder")).Kind);
}
