using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Core.Tests.Text;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using FsCheck;
using FsCheck.Fluent;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Core.Tests.Filtering;

public class RowGroupStatisticsTests
{
    [Fact]
    public void Row_groups_of_real_files_are_never_pruned_wrongly_and_often_rightly()
    {
        var pruned = 0;
        Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            var model = new PredicateModel(random);
            var (batch, rows) = model.Batch();
            if (rows.Count == 0)
            {
                return;
            }

            var footer = WriteAsync(batch).GetAwaiter().GetResult();
            var statistics = new RowGroupStatistics(footer, 0);
            for (int i = 0; i < 20; i++)
            {
                var (predicate, plain) = model.Predicate(1);
                var might = predicate.Bind(PredicateModel.Schema).MightMatch(statistics);
                pruned += might ? 0 : 1;
                Assert.True(might || !rows.Any(r => plain(r) == true), predicate.ToString());
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.True(pruned > 100, $"only {pruned} of 1200 pruned");
    }

    [Fact]
    public async Task Nothing_is_known_of_elements_and_missing_columns()
    {
        var random = new Random(1);
        var (batch, _) = new PredicateModel(random).Batch();
        var footer = await WriteAsync(batch);
        Assert.Null(new RowGroupStatistics(footer, 0).Find("nope"));
        Assert.NotNull(new RowGroupStatistics(footer, 0).Find("st.x"));
        footer.CreatedBy = "Parquet.Net v6.1.0";
        Assert.Null(new RowGroupStatistics(footer, 0).Find("s")!.Max);
        Assert.NotNull(new RowGroupStatistics(footer, 0).Find("s")!.NullCount);
    }

    private static async Task<ParquetFooter> WriteAsync(Apache.Arrow.RecordBatch batch)
    {
        var store = new MemoryObjectStore();
        await using (var target = await store.CreateAsync("a.parquet"))
        {
            var writer = new ParquetFileWriter(target.Stream, new ParquetOutputSchema(batch.Schema, "r"));
            using (var encoded = RowGroupEncoder.Encode(writer.Schema, writer.Options, [batch]))
            {
                await writer.AppendAsync(encoded, default);
            }

            await writer.CloseAsync(default);
            await target.CompleteAsync();
        }

        await using var file = await ParquetSharpFormat.Instance.OpenAsync(store, "a.parquet", default);
        return file.Footer;
    }
}
