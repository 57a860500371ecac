using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Of keys that an index found in several file groups of a merge-on-read table, those that are there still: a row that has moved, or was deleted and inserted again by a writer with a record index, stays
/// in its old base file, deleted by the log, until that is compacted. A change that went to the old place would bring it back there. So with all keys of a slice whose compaction is planned: a deleted row
/// is not in the base file to come, and brought back by a log on that file it would be found by no index, and stored twice by the next write (as Hudi does).
/// </summary>
internal static class LiveKeys
{
    /// <returns>What was found, without the stored rows of such keys that logs have deleted.</returns>
    public static async ValueTask<IReadOnlyList<TaggedFile>> FilterAsync(IReadOnlyList<TaggedFile> found, KeyMap keys, StoredRows stored, CancellationToken cancellationToken)
    {
        var groups = new int[keys.Count];
        foreach (var key in found.SelectMany(f => f.Keys.Distinct()))
        {
            groups[key]++;
        }

        var live = new List<TaggedFile>();
        foreach (var file in found)
        {
            bool isPlanned = file.Slice is { Logs.Count: > 0, PendingCompaction: not null } && await stored.MayLackRowsAsync(file.Slice, cancellationToken);
            var asked = file.Slice.Logs.Count == 0 ? [] : file.Keys.Where(k => groups[k] > 1 || isPlanned).ToHashSet();
            if (asked.Count > 0)
            {
                asked.ExceptWith(await ReadAsync(file, keys, stored, cancellationToken));
            }

            int[] stay = [.. Enumerable.Range(0, file.Keys.Length).Where(i => !asked.Contains(file.Keys[i]))];
            if (stay.Length > 0)
            {
                live.Add(asked.Count == 0 ? file : new TaggedFile(file.Slice, [.. stay.Select(i => file.Positions[i])], [.. stay.Select(i => file.Keys[i])]));
            }
        }

        return live;
    }

    // The keys that a reader finds in a slice.
    private static async ValueTask<HashSet<int>> ReadAsync(TaggedFile file, KeyMap keys, StoredRows stored, CancellationToken cancellationToken)
    {
        var there = new HashSet<int>();
        await foreach (var batch in stored.ReadAsync(file.Slice, [MetaColumns.RecordKey], cancellationToken))
        {
            using (batch)
            {
                var numbers = new int[batch.Length];
                keys.FindAll((StringArray)batch.Column(0), numbers);
                there.UnionWith(numbers);
            }
        }

        return there;
    }
}
