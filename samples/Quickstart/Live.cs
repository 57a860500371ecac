using OllaLab.Lakehouse;

namespace Quickstart;

/// <summary>The feed once more, into a merge-on-read table: new events in small base files and revisions in logs every six hours, a consumer that follows what they change, and a compaction.</summary>
internal static class Live
{
    private static readonly DateTime Start = new(2018, 2, 6);

    public static async Task RunAsync(string folder, Feed feed, ReplayClock clock)
    {
        Page.Step("8. The same feed as a merge-on-read table: updates go to logs, changes to a feed", "new() { Type = TableType.MergeOnRead, CdcLogging = CdcLogging.BeforeAndAfter, ... }");
        clock.Now = new DateTime(2018, 2, 6);
        await using var live = await LakehouseTable.CreateAsync(
            folder,
            LakehouseSchema.Parse(Quake.Columns),
            new() { Type = TableType.MergeOnRead, CdcLogging = CdcLogging.BeforeAndAfter, Keys = ["id"], Ordering = ["updated"] },
            new() { Environment = new(clock, Guid.NewGuid), Write = new() { SmallFileLimit = 0 } });
        var batches = feed.Batches().ToList();
        var past = batches.Where(b => b.At < Start).ToList();
        var withdrawn = past.SelectMany(b => b.Withdrawn).Select(q => q.Id).ToHashSet();
        var loaded = await live.UpsertAsync(past.SelectMany(b => b.Reports).Where(q => !withdrawn.Contains(q.Id)));
        Console.WriteLine($"  {loaded.Inserted:n0} events until {Start:d MMMM} in one base file of {loaded.BytesWritten / 1024:n0} kB");

        Page.Step("9. A consumer follows the changes, from bookmark to bookmark", "await foreach (var change in live.ReadChangesAsync<Quake>(bookmark)) ...");
        var bookmark = loaded.CompletionTime!;
        var rows = new List<object?[]>();
        foreach (var batch in batches.Where(b => b.At >= Start))
        {
            clock.Now = batch.At;
            var written = await live.UpsertAsync(batch.Reports);
            var deleted = await live.DeleteAsync(batch.Withdrawn);
            var changes = await live.ReadChangesAsync<Quake>(bookmark).ToListAsync();
            bookmark = deleted.CompletionTime ?? written.CompletionTime ?? bookmark;
            var revised = changes.Where(c => c.Kind == ChangeKind.Updated).ToList();
            var felt = revised.MaxBy(c => (c.After!.Felt ?? 0) - (c.Before!.Felt ?? 0));
            rows.Add([
                batch.At, batch.Reports.Count, (written.BytesWritten + deleted.BytesWritten) / 1024, changes.Count(c => c.Kind == ChangeKind.Inserted), revised.Count,
                revised.Count(c => c.Before!.Status == "automatic" && c.After!.Status == "reviewed"), changes.Count(c => c.Kind == ChangeKind.Deleted),
                felt is null ? null : $"felt by {felt.Before!.Felt ?? 0} -> {felt.After!.Felt ?? 0}: {felt.After!.Title}"]);
        }

        Page.Table(["written at", "messages", "kB", "new", "revised", "of those reviewed", "withdrawn", "for example"], rows);

        Page.Step("10. Compaction merges the logs into base files; readers see no difference, but they read faster", "await live.CompactAsync();");
        var before = await CountAsync(live);
        foreach (var done in await live.CompactAsync())
        {
            Console.WriteLine($"  {done.LogFiles} log files merged into {done.FileGroups} base file(s)");
        }

        var after = await CountAsync(live);
        Page.Table(["", "events", "reviewed", "in base files alone: events", "reviewed"], [["before", .. before], ["after", .. after]]);
    }

    private static async Task<object?[]> CountAsync(LakehouseTable live)
    {
        var merged = await live.ReadAsync<Quake>().ToListAsync();
        var stored = await live.ReadAsync<Quake>(new() { ReadOptimized = true }).ToListAsync();
        return [merged.Count, merged.Count(q => q.Status == "reviewed"), stored.Count, stored.Count(q => q.Status == "reviewed")];
    }
}
