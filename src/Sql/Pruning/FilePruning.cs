using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Which files of a table a statement needs: of each of its scans those that partition path, metadata table and footer do not rule out.</summary>
internal sealed class FilePruning(FileFactsCache footers)
{
    /// <param name="table">The table.</param>
    /// <param name="snapshot">What of it is shown.</param>
    /// <param name="filters">The condition of each scan; null: all rows.</param>
    /// <param name="cancellationToken">Ends the reading of footers.</param>
    public async ValueTask<PrunedFiles> PruneAsync(LakehouseTable table, TableSnapshot snapshot, IReadOnlyList<Predicate?> filters, CancellationToken cancellationToken)
    {
        var bound = filters.Select(f => Bind(f, snapshot)).ToList();
        if (bound.Contains(null))
        {
            return new PrunedFiles(snapshot.Files, snapshot.Files.Count, snapshot.Files.Count, []);
        }

        var files = snapshot.Files;
        var byPath = new List<(BaseFile File, List<BoundPredicate> Open)>();
        foreach (var partition in files.GroupBy(f => f.PartitionPath))
        {
            var path = new PathStatistics(snapshot.Plan.Partitions.Of(partition.Key));
            var open = bound.Where(b => b!.MightMatch(path)).Select(b => b!).ToList();
            if (open.Count > 0)
            {
                byPath.AddRange(partition.Select(f => (f, open)));
            }
        }

        var byMetadata = await ByMetadataAsync(snapshot, filters!, bound!, byPath, cancellationToken);
        var facts = await footers.GetAsync(table, [.. byMetadata.Select(f => f.File)], cancellationToken);
        var kept = byMetadata.Zip(facts).Where(f => f.First.Open.Exists(c => f.Second.MightMatch(c, snapshot.Plan.Output))).Select(f => f.First.File).ToList();
        return new PrunedFiles(kept, byPath.Count, byMetadata.Count, [.. filters.Select(f => f!)]);
    }

    // Each file by itself: rows of logs come to DuckDB apart from the base files they belong to.
    private static async ValueTask<IReadOnlyList<(BaseFile File, List<BoundPredicate> Open)>> ByMetadataAsync(
        TableSnapshot snapshot, IReadOnlyList<Predicate> filters, IReadOnlyList<BoundPredicate> bound, IReadOnlyList<(BaseFile File, List<BoundPredicate> Open)> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0 || await snapshot.Plan.State.GetMetadataAsync() is not { } metadata)
        {
            return files;
        }

        var skipping = new DataSkipping(metadata, snapshot.Plan.State.Config, snapshot.Plan.Schema, snapshot.Plan.IsLatest);
        var kept = files.ToDictionary(f => f.File, _ => new List<BoundPredicate>());
        foreach (var (filter, condition) in filters.Zip(bound))
        {
            var slices = files.Where(f => f.Open.Contains(condition)).Select(f => new FileSlice(f.File.PartitionPath, f.File.FileId, f.File.Instant, f.File, [])).ToList();
            foreach (var slice in await skipping.KeepAsync(filter, condition, slices, cancellationToken))
            {
                kept[slice.Base!].Add(condition);
            }
        }

        return [.. files.Select(f => (f.File, kept[f.File])).Where(f => f.Item2.Count > 0)];
    }

    // A value that does not fit the column is DuckDB's to judge.
    private static BoundPredicate? Bind(Predicate? filter, TableSnapshot snapshot)
    {
        try
        {
            return filter?.Bind(snapshot.Plan.Output);
        }
        catch (LakehouseException)
        {
            return null;
        }
    }
}

/// <param name="Files">The files that are left.</param>
/// <param name="AfterPaths">How many the partition paths left.</param>
/// <param name="AfterMetadata">How many of those the metadata table left.</param>
/// <param name="Filters">The conditions by which files were ruled out, one for each scan; none: all files are needed.</param>
internal sealed record PrunedFiles(IReadOnlyList<BaseFile> Files, int AfterPaths, int AfterMetadata, IReadOnlyList<Predicate> Filters);
