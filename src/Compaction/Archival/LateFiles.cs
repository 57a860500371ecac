using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Files that a writer made after another had rolled it back, when it had slept past its heartbeats, and then died. Their markers tell of them. They count for nobody until the timeline is archived past
/// their instant, and as committed from then on (HoodieTimeline.containsOrBeforeTimelineStarts): they go before.
/// </summary>
internal static class LateFiles
{
    private const string Folder = ".hoodie/.temp";

    /// <summary>To be called under the table's lock.</summary>
    /// <returns>Whether none is left: a writer that is alive may be about to make more.</returns>
    public static async ValueTask<bool> DeleteAsync(TimelineClient client, CancellationToken cancellationToken)
    {
        // Markers first: whose instant is on the timeline afterwards had it there before.
        var marked = new List<string>();
        await foreach (var folder in client.Store.ListAsync(Folder, recursive: false, cancellationToken))
        {
            if (folder.IsFolder && InstantTimes.IsValid(folder.Name))
            {
                marked.Add(folder.Name);
            }
        }

        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        foreach (var time in marked.Where(t => !timeline.Find(t).Any()))
        {
            if (await client.Locks.Heartbeats.IsAliveAsync(new Instant(time, Actions.Commit, InstantState.Inflight), client.Layout, cancellationToken))
            {
                return false;
            }

            var markers = new Markers(client.Store, time);
            if ((await client.ReadArchivedAsync(only: time, cancellationToken: cancellationToken)).FindWrite(time) is null)
            {
                foreach (var marker in await markers.ListAsync(cancellationToken))
                {
                    if (IsOf(time, marker.DataPath))
                    {
                        await client.Store.DeleteAsync(marker.DataPath, cancellationToken);
                    }
                }
            }

            await markers.DeleteAsync(cancellationToken);
        }

        return true;
    }

    private static bool IsOf(string time, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? file.Instant == time : FileNames.TryParseLogFile(string.Empty, name, 0, out var log) && log.Instant == time;
    }
}
