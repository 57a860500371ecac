using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>What only the files of a table tell, not its properties: looked up in the latest commit, whose metadata is at hand.</summary>
internal static class StoredFiles
{
    /// <summary>Whether the table's file groups are buckets, by their ids; null where there are none.</summary>
    public static async ValueTask<bool?> AreBucketsAsync(TableState state, CancellationToken cancellationToken)
    {
        await foreach (var stats in LatestAsync(state, cancellationToken))
        {
            // Chance makes such an id now and then, but not all of a table's.
            if (!BucketIdentifier.AreBuckets([.. stats.Select(s => s.Stat.FileId!)]))
            {
                return false;
            }

            var slices = await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken);
            return slices.Count == 0 ? null : BucketIdentifier.AreBuckets([.. slices.Select(s => s.FileId)]);
        }

        return null;
    }

    /// <summary>Whether stored keys of a complex key generator with one field are bare values (<see cref="ComplexKeyEncoding"/>); null where nothing is stored.</summary>
    public static async ValueTask<bool?> FindBareKeysAsync(TableState state, CancellationToken cancellationToken)
    {
        await foreach (var stats in LatestAsync(state, cancellationToken))
        {
            foreach (var (partition, stat) in stats)
            {
                var slices = await state.View.GetSlicesAsync(partition, cancellationToken: cancellationToken);
                if (slices.FirstOrDefault(s => s.FileId == stat.FileId)?.Base is { } file
                    && (await ParquetFooter.ReadAsync(state.Store, file.Path, file.Length, cancellationToken: cancellationToken)).GetKeyValue(BaseFileWriter.MinKey) is { Length: > 0 } key)
                {
                    return ComplexKeyEncoding.IsBare(state.Config.RecordKeyFields[0], key);
                }
            }
        }

        return null;
    }

    // The write stats of base files, the latest commit's first; commits without any are passed over.
    private static async IAsyncEnumerable<IReadOnlyList<(string Partition, WriteStat Stat)>> LatestAsync(
        TableState state, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var commit in state.Timeline.CompletedWrites.Reverse())
        {
            var metadata = await state.Client.ReadCommitMetadataAsync(commit, cancellationToken);
            var stats = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Where(s => !string.IsNullOrEmpty(s.FileId)).Select(s => (p.Key, s))).ToList();
            if (stats.Count > 0)
            {
                yield return stats;
            }
        }
    }
}
