using System.Collections.Concurrent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A metadata table at a moment: its timeline, and the files of its partitions, each listed when first asked for. What came later does not count, as its instants are not on the timeline.</summary>
/// <param name="client">Its timeline's client.</param>
/// <param name="version">Its version.</param>
/// <param name="timeline">All of it.</param>
internal sealed class MetadataSighting(TimelineClient client, int version, ActiveTimeline timeline)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ListedFile>> files = new(StringComparer.Ordinal);

    public TimelineClient Client => client;

    public int Version => version;

    public ActiveTimeline Timeline => timeline;

    /// <summary>Whether the timeline is the same.</summary>
    public bool IsStill(ActiveTimeline now) => timeline.Instants.SequenceEqual(now.Instants);

    /// <summary>The files in a partition's folder.</summary>
    public async ValueTask<IReadOnlyList<ListedFile>> ListAsync(string partition, CancellationToken cancellationToken)
    {
        if (files.TryGetValue(partition, out var known))
        {
            return known;
        }

        var found = new List<ListedFile>();
        await foreach (var file in client.Store.ListAsync(partition, recursive: false, cancellationToken))
        {
            if (!file.IsFolder)
            {
                found.Add(new ListedFile(file.Name, file.Length));
            }
        }

        return files[partition] = found;
    }

    /// <summary>The same with one more delta commit.</summary>
    /// <param name="completed">The delta commit.</param>
    /// <param name="written">Its files by partition.</param>
    /// <param name="other">Partitions that got other files, too: they are listed again.</param>
    public MetadataSighting With(Instant completed, IReadOnlyDictionary<string, IReadOnlyList<WriteStat>> written, IReadOnlySet<string> other)
    {
        Instant[] instants = [.. timeline.Instants, completed];
        Array.Sort(instants, timeline.Layout.RequestedOrder());
        var next = new MetadataSighting(client, version, new ActiveTimeline(timeline.Layout, instants, timeline.UnknownFiles));
        foreach (var (partition, there) in files.Where(f => !other.Contains(f.Key)))
        {
            next.files[partition] = written.TryGetValue(partition, out var added)
                ? [.. there, .. added.Select(s => new ListedFile(s.Path![(s.Path!.LastIndexOf('/') + 1)..], s.FileSizeInBytes))]
                : there;
        }

        return next;
    }
}
