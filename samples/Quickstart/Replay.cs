using OllaLab.Lakehouse;

namespace Quickstart;

/// <summary>Writes the week's messages to the table, batch by batch, in the order of their arrival.</summary>
internal static class Replay
{
    public static async IAsyncEnumerable<object?[]> RunAsync(LakehouseTable quakes, Feed feed, ReplayClock clock)
    {
        foreach (var day in feed.Batches().GroupBy(b => DateOnly.FromDateTime(b.At)))
        {
            var (messages, repeated, commits) = (0, 0, 0);
            var (inserted, updated, withdrawn) = (0L, 0L, 0L);
            foreach (var batch in day)
            {
                clock.Now = batch.At;
                var written = await quakes.UpsertAsync(batch.Reports);
                var deleted = await quakes.DeleteAsync(batch.Withdrawn.Select(q => new QuakeKey(q.Id, q.Day)));
                messages += batch.Messages;
                repeated += batch.Repeated;
                inserted += written.Inserted;
                updated += written.Updated;
                withdrawn += deleted.Deleted;
                commits += (written.Instant is null ? 0 : 1) + (deleted.Instant is null ? 0 : 1);
            }

            yield return [day.Key.ToString("ddd d MMM"), messages, repeated, inserted, updated, withdrawn, commits];
        }
    }
}
