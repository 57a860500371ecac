using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Delete blocks as they are written and read.</summary>
public class LogDeletesTests
{
    private static readonly TableSchema Decimals = TableSchema.FromDdl("id string, ts decimal(10,2)", "t");

    [Theory]
    [InlineData("2.49", 1)]
    [InlineData("2.50", 0)]
    [InlineData("2.51", 0)]
    [InlineData(null, 0)]
    public async Task Ordering_values_are_compared_in_the_tables_type(string? delete, int left)
    {
        using var merge = new LogMerge(LogBatches.Rule("EVENT_TIME_ORDERING"), Decimals, Decimals.Arrow, 1L << 30);
        merge.AddRows(Keys("k"), Row("2.50"));
        merge.AddDeletes(await WriteAsync(delete is null ? null : Value(delete)));
        await using var changes = await merge.ResolveAsync(null, CancellationToken.None);
        Assert.Equal(left, changes.Counts.Inserted);
    }

    [Fact]
    public async Task A_value_of_another_kind_is_refused_where_values_decide()
    {
        var deletes = await WriteAsync(new StringArray.Builder().Append("later").Build());
        using var merge = new LogMerge(LogBatches.Rule("EVENT_TIME_ORDERING"), Decimals, Decimals.Arrow, 1L << 30);
        var error = Assert.Throws<LakehouseException>(() => merge.AddDeletes(deletes));
        Assert.Contains("'k'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'ts'", error.Message, StringComparison.Ordinal);

        using var byCommit = new LogMerge(LogBatches.Rule("COMMIT_TIME_ORDERING"), Decimals, Decimals.Arrow, 1L << 30);
        byCommit.AddRows(Keys("k"), Row("2.50"));
        byCommit.AddDeletes(deletes);
        await using var changes = await byCommit.ResolveAsync(null, CancellationToken.None);
        Assert.Equal(0, changes.Counts.Inserted);
    }

    [Fact]
    public void A_row_without_a_key_is_an_error()
    {
        using var merge = new LogMerge(LogBatches.Rule("COMMIT_TIME_ORDERING"), Decimals, Decimals.Arrow, 1L << 30);
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => merge.AddRows(Keys(null), Row("1"))).Kind);
    }

    private static async Task<LogDeletes> WriteAsync(IArrowArray? ordering)
    {
        var store = new MemoryObjectStore();
        long length;
        await using (var writer = await LogFileWriter.CreateAsync(store, ".f_1.log.1_0-0-0", CancellationToken.None))
        {
            await writer.AppendDeletesAsync(Keys("k"), string.Empty, ordering is null ? null : [ordering], new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = "1" }, CancellationToken.None);
            length = await writer.CompleteAsync(CancellationToken.None);
        }

        var blocks = LogFileReader.ReadBlocksAsync(store, ".f_1.log.1_0-0-0", length, CancellationToken.None);
        return await new LogBlockReader(store, new ParquetSharpFormat()).ReadDeletesAsync(await blocks.SingleAsync(), CancellationToken.None);
    }

    private static StringArray Keys(string? key) => new StringArray.Builder().Append(key!).Build();

    private static IArrowArray Value(string value) =>
        new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).Build();

    private static RecordBatch Row(string value) => new(Decimals.Arrow, [Keys("k"), Value(value)], 1);
}
