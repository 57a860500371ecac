using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Counts a table's files and what its commits wrote.</summary>
internal static class StatisticsReader
{
    public static async ValueTask<TableStatistics> ReadAsync(TableState state, long smallFileLimit, CancellationToken cancellationToken)
    {
        var slices = await state.View.GetAllSlicesAsync(null, cancellationToken);
        var bases = slices.Select(s => s.Base).OfType<BaseFile>().ToList();
        var logs = slices.SelectMany(s => s.Logs).ToList();
        var seen = bases.Select(b => b.Path).Concat(logs.Select(l => l.Path)).ToHashSet(StringComparer.Ordinal);
        var old = (await CommittedFiles.ListAsync(state.Store, state.Timeline, cancellationToken))
            .SelectMany(p => p.Value.Select(f => (Path: p.Key.Length == 0 ? f.Key : $"{p.Key}/{f.Key}", Bytes: f.Value)))
            .Where(f => !seen.Contains(f.Path))
            .ToList();
        long changed = 0, written = 0;
        int commits = 0;
        foreach (var write in state.Timeline.CompletedWrites)
        {
            var metadata = await state.Client.ReadCommitMetadataAsync(write, cancellationToken);
            var stats = metadata.PartitionToWriteStats.Values.SelectMany(s => s).ToList();
            commits++;
            written += stats.Sum(s => s.NumWrites);
            changed += WriteOperations.CanUpdateSchema(metadata.OperationType) ? stats.Sum(s => s.NumInserts + s.NumUpdateWrites + s.NumDeletes) : 0;
        }

        return new TableStatistics
        {
            Partitions = slices.Select(s => s.PartitionPath).Distinct().Count(),
            FileGroups = slices.Count,
            BaseFiles = bases.Count,
            BaseBytes = bases.Sum(b => b.Length),
            LogFiles = logs.Count,
            LogBytes = logs.Sum(l => l.Length),
            SmallFiles = bases.Count(b => b.Length < smallFileLimit),
            OldFiles = old.Count,
            OldBytes = old.Sum(f => f.Bytes),
            Commits = commits,
            RowsChanged = changed,
            RowsWritten = written,
            Pending = state.Timeline.Pending.GroupBy(i => i.Action).ToDictionary(g => g.Key, g => g.Count()),
            Savepoints = state.Timeline.Savepoints.Count(),
        };
    }
}
