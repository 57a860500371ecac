using System.Diagnostics;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Cleaning and archiving a table with as many commits as file groups, of two slices each; and planning each service.</summary>
internal static class ServiceItems
{
    private const int CommitsKept = 10;
    private const int InstantsKept = 20;

    /// <summary>A dry run of a clean or of an archiving.</summary>
    public static async Task<Measured> DryRunAsync(ItemContext context, Func<LakehouseTable, Task<int>> plan)
    {
        var root = await FileTables.MakeCommitsAsync(context);
        return await FilePlans.RepeatAsync(async () =>
        {
            await using var table = await LakehouseTable.OpenAsync(root, OurWrites.Options(context));
            var found = await plan(table);
            return found >= context.Options.Files - InstantsKept ? found : throw new InvalidOperationException($"{found} were planned.");
        });
    }

    public static async Task<int> PlanCleanAsync(LakehouseTable table) => (await table.CleanAsync(new CleanOptions { DryRun = true })).Sum(c => c.Files.Count);

    public static async Task<int> PlanArchiveAsync(LakehouseTable table) => (await table.ArchiveAsync(new ArchiveOptions { DryRun = true })).Instants.Count;

    public static async Task<Measured> ListAsync(ItemContext context)
    {
        var root = await FileTables.MakeCommitsAsync(context);
        return await FilePlans.RepeatAsync(() => Task.FromResult(FilePlans.List(root)));
    }

    public static async Task<Measured> CleanAsync(ItemContext context)
    {
        await using var table = await LakehouseTable.OpenAsync(await FileTables.MakeCommitsAsync(context), OurWrites.Options(context));
        return await Meter.RunAsync(async () => (await table.CleanAsync()).Sum(c => c.Files.Count));
    }

    public static async Task<Measured> ArchiveAsync(ItemContext context)
    {
        await using var table = await LakehouseTable.OpenAsync(await FileTables.MakeCommitsAsync(context), OurWrites.Options(context));
        return await Meter.RunAsync(async () => (await table.ArchiveAsync()).Instants.Count);
    }

    /// <summary>Deletes as many files as a clean does.</summary>
    public static async Task<Measured> DeleteDataAsync(ItemContext context)
    {
        var root = await FileTables.MakeCommitsAsync(context);
        return await DeleteAsync([.. Directory.EnumerateFiles(root, "*.parquet", SearchOption.AllDirectories).Take(context.Options.Files - 1 - CommitsKept)]);
    }

    /// <summary>Deletes as many files as an archiving does.</summary>
    public static async Task<Measured> DeleteInstantsAsync(ItemContext context)
    {
        var timeline = Path.Combine(await FileTables.MakeCommitsAsync(context), ".hoodie", "timeline");
        return await DeleteAsync([.. Directory.EnumerateFiles(timeline).Take((context.Options.Files - InstantsKept) * 3)]);
    }

    /// <summary>Each service planned on the table of many file groups, in turns.</summary>
    public static async Task<Measured> PlanAllAsync(ItemContext context)
    {
        var root = context.Scratch.Files;
        var files = context.Options.Files;
        var lines = new List<string> { $"| Planning on {files:N0} file groups, p50 of 5 | ms | CPU, ms | planned |", "|---|---|---|---|" };
        foreach (var (name, plan) in Plans())
        {
            var measured = await FilePlans.RepeatAsync(async () =>
            {
                await using var table = await LakehouseTable.OpenAsync(root, OurWrites.Options(context));
                return await plan(table);
            });
            lines.Add(FormattableString.Invariant($"| {name} | {measured.Wall:N0} | {measured.Cpu:N0} | {measured.Check:N0} |"));
        }

        var listed = await FilePlans.RepeatAsync(() => Task.FromResult(FilePlans.List(root)));
        lines.Add(FormattableString.Invariant($"| listing the files with their lengths | {listed.Wall:N0} | {listed.Cpu:N0} | {listed.Check:N0} |"));
        lines.Add("");
        return listed with { Lines = lines };
    }

    private static IEnumerable<(string Name, Func<LakehouseTable, Task<int>> Plan)> Plans()
    {
        yield return ("compaction", async table => (await table.CompactAsync(new CompactionOptions { DryRun = true })).Sum(c => c.FileGroups));
        yield return ("clustering, all groups", async table => (await table.ClusterAsync(new ClusteringOptions { DryRun = true, MaxGroups = int.MaxValue })).Sum(c => c.FileGroups));
        yield return ("cleaning", async table => (await table.CleanAsync(new CleanOptions { DryRun = true, Policy = CleaningPolicy.KeepLatestFileVersions, FileVersionsRetained = 1 })).Sum(c => c.Files.Count));
        yield return ("partitions that expire", async table => (await table.ExpirePartitionsAsync(new PartitionTtlOptions { DryRun = true, DaysRetained = 1 })).Partitions.Count);
    }

    private static Task<Measured> DeleteAsync(List<string> files) => Meter.RunAsync(() =>
    {
        files.ForEach(File.Delete);
        return Task.FromResult((double)files.Count);
    });
}
