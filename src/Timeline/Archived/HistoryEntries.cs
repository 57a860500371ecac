using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>The history of a table of version 8 or 9 as entries of a version 6 archive (EightToSevenDowngradeHandler.downgradeFromLSMTimeline): one for each completed instant, its plan in it too.</summary>
internal static class HistoryEntries
{
    /// <param name="client">The table's timeline, in layout 2.</param>
    /// <param name="known">Instants that are left out; those that are given are added.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<ArchiveLogEntry> ReadAsync(TimelineClient client, HashSet<(string Time, string Action)> known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = client.Layout.ArchiveFolder;
        var history = new LsmHistory(client.Store, folder);
        foreach (var file in (await LsmManifest.LoadAsync(client.Store, folder, cancellationToken)).Files.OrderBy(f => f.Min, StringComparer.Ordinal))
        {
            await foreach (var row in history.ReadFileAsync(file, withContent: true, cancellationToken))
            {
                if (known.Add((row.InstantTime, row.Action)))
                {
                    yield return Entry(row, client.Store.Root, $"{folder}/{file.Name}");
                }
            }
        }
    }

    private static ArchiveLogEntry Entry(LsmRow row, string root, string path)
    {
        var entry = ArchiveLogEntry.Of(new Instant(row.InstantTime, row.Action, InstantState.Completed, row.CompletionTime), row.CompletionTime, path);
        entry.Add(row.Action, InstantState.Completed, row.Metadata, root);
        if (row.Plan is { Length: > 0 } plan)
        {
            var (action, state) = row.Action switch
            {
                Actions.Commit or Actions.DeltaCommit => (Actions.Compaction, InstantState.Requested),
                Actions.ReplaceCommit when !IsRequestedReplace(plan) => (Actions.ReplaceCommit, InstantState.Inflight),
                _ => (row.Action, InstantState.Requested),
            };
            entry.Add(action, state, plan, root);
        }

        return entry;
    }

    // A replace commit's plan is its requested file, or its inflight file where that held something.
    private static bool IsRequestedReplace(byte[] plan)
    {
        if (!AvroFile.IsAvro(plan))
        {
            return false;
        }

        AvroFile.ReadRecord(plan, out var schema);
        return AvroSchemas.Parse(schema).Name == "HoodieRequestedReplaceMetadata";
    }
}
