using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Which files of a table a statement needs: of each of its scans those that partition path and footer do not rule out.</summary>
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
            return new PrunedFiles(snapshot.Files, snapshot.Files.Count, []);
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

        var facts = await footers.GetAsync(table, [.. byPath.Select(f => f.File)], cancellationToken);
        var kept = byPath.Zip(facts).Where(f => f.First.Open.Exists(f.Second.MightMatch)).Select(f => f.First.File).ToList();
        return new PrunedFiles(kept, byPath.Count, [.. filters.Select(f => f!)]);
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
/// <param name="Filters">The conditions by which files were ruled out, one for each scan; none: all files are needed.</param>
internal sealed record PrunedFiles(IReadOnlyList<BaseFile> Files, int AfterPaths, IReadOnlyList<Predicate> Filters);
