using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Goldens;

public class CleanedHistoryTests
{
    [Theory]
    [InlineData("v6/cow_clean_archive")]
    [InlineData("v8/cow_clean_archive")]
    [InlineData("v9/cow_clean_archive")]
    public async Task A_state_that_a_cleaner_took_is_refused_and_a_kept_one_read(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var table = await LakehouseTable.OpenAsync(Golden.Open(name).Table, cancellationToken: cancellation);
        var writes = (await table.RefreshAsync(cancellationToken: cancellation)).Timeline.CompletedWrites.Select(w => w.RequestedTime).ToList();
        var before = (long.Parse(writes[0], System.Globalization.CultureInfo.InvariantCulture) - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.ReadAsync(new() { AsOf = before }, cancellation).ToListAsync(cancellation).AsTask());
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains("a cleaner has deleted files from before", error.Message);
        Assert.NotEmpty(await table.ReadAsync(new() { AsOf = writes[^1] }, cancellation).ToListAsync(cancellation));
    }
}
