namespace OllaLab.Lakehouse.Timelines;

/// <summary>All files that an instant has on the active timeline, those of its earlier states too (ActiveAction).</summary>
/// <param name="Completed">The completed instant.</param>
/// <param name="Pending">Requested, then inflight, as far as they are there.</param>
internal sealed record ActiveFiles(Instant Completed, IReadOnlyList<Instant> Pending)
{
    /// <summary>The files of some completed instants of a timeline, in requested order.</summary>
    public static async ValueTask<IReadOnlyList<ActiveFiles>> FindAsync(TimelineClient client, IReadOnlyList<Instant> completed, CancellationToken cancellationToken)
    {
        var pending = new Dictionary<(string, string), List<Instant>>();
        foreach (var name in await client.Store.ListNamesAsync(client.Layout.Folder, cancellationToken))
        {
            if (client.Layout.TryParse(name, out var instant) && !instant.IsCompleted)
            {
                var key = (instant.RequestedTime, client.Layout.ComparableAction(instant.Action));
                (pending.TryGetValue(key, out var files) ? files : pending[key] = []).Add(instant);
            }
        }

        var order = client.Layout.RequestedOrder();
        return
        [
            .. completed.Order(Comparer<Instant>.Create(order)).Select(i => new ActiveFiles(
                i, pending.TryGetValue((i.RequestedTime, client.Layout.ComparableAction(i.Action)), out var files) ? [.. files.OrderBy(f => f.State)] : [])),
        ];
    }
}
