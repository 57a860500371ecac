using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>Instants of a version 6 timeline as entries of its archive: one for each file that an instant had.</summary>
internal static class ActiveEntries
{
    public static async IAsyncEnumerable<ArchiveLogEntry> ReadAsync(TimelineClient client, IReadOnlyList<ActiveFiles> actions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var modified = new Dictionary<string, DateTimeOffset>();
        await foreach (var file in client.Store.ListAsync(client.Layout.Folder, recursive: false, cancellationToken))
        {
            modified[file.Name] = file.Modified;
        }

        foreach (var instant in actions.SelectMany(a => a.Pending.Append(a.Completed)))
        {
            var transition = modified.TryGetValue(client.Layout.FileName(instant), out var time) ? InstantTimes.Format(time, client.Layout.Zone) : null;
            var entry = ArchiveLogEntry.Of(instant, transition, client.PathOf(instant));
            entry.Add(instant.Action, instant.State, await client.ReadAsync(instant, cancellationToken), client.Store.Root);
            yield return entry;
        }
    }
}
