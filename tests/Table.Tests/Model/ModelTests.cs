using FsCheck;
using FsCheck.Fluent;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>Random histories of writes against a plain list of rows.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Any_history_of_writes_reads_as_the_model_does() =>
        Prop.ForAll(History.Any(), h => ModelRun.CheckAsync(h).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult()).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Tests));

    [Fact]
    public void Histories_that_spill_everything_read_the_same() =>
        Prop.ForAll(History.Any(1, 2_000, 20_000), h => ModelRun.CheckAsync(h).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult()).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Tests));

    [Fact]
    public void Histories_with_buckets_read_the_same() =>
        Prop.ForAll(History.Any(null, 20_000), h => ModelRun.CheckAsync(InBuckets(h)).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult()).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Math.Max(1, Tests / 2)));

    // Merge-on-read buckets log what comes in, as in Hudi: there a row that is inserted twice is one.
    private static History InBuckets(History history) =>
        history with { MergeOnRead = false, Steps = [.. history.Steps.Select(s => s with { Index = IndexType.Bucket, Then = Compacts.Nothing })] };

    [Fact]
    public void Histories_on_a_local_disk_read_the_same() =>
        Prop.ForAll(History.Any(null, 20_000), h => OnDiskAsync(h).WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult()).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Math.Max(1, Tests / 8)));

    private static async Task OnDiskAsync(History history)
    {
        var folder = Directory.CreateTempSubdirectory("lakehouse-model-").FullName;
        try
        {
            await new ModelRun(history, new LocalObjectStore(folder)).RunAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // More for a long run: MODEL_TESTS=5000.
    private static int Tests => int.TryParse(Environment.GetEnvironmentVariable("MODEL_TESTS"), out var tests) ? tests : 40;
}
