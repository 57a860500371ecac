using System.Text;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Which partitions of a table have expired (KeepByTimeStrategy, KeepByCreationTimeStrategy). One that a service is planned for stays until that is done.</summary>
internal static class ExpiredPartitions
{
    private const string CreationTime = "commitTime=";

    public static async ValueTask<IReadOnlyList<string>> FindAsync(TableState state, PartitionTtlOptions options, CancellationToken cancellationToken)
    {
        if (options.DaysRetained <= 0 || state.Config.PartitionFields.Length == 0)
        {
            return [];
        }

        var planned = (await PlannedFileGroups.ReadAsync(state.Client, state.Timeline, Actions.LogCompaction, cancellationToken)).Select(g => g.Partition).ToHashSet();
        var now = InstantTimes.Format(state.Client.Environment.Clock.GetUtcNow(), state.Client.Layout.Zone);
        var expired = new List<string>();
        foreach (var partition in await state.View.GetPartitionsAsync(cancellationToken))
        {
            if ((options.SelectedPartitions?.Contains(partition) ?? true)
                && !planned.Contains(partition)
                && await StartAsync(state, partition, options.Strategy, cancellationToken) is { } start
                && InstantTimes.TryParse(start, out var time)
                && string.CompareOrdinal(now, InstantTimes.Format(time.AddDays(options.DaysRetained))) > 0)
            {
                expired.Add(partition);
            }
        }

        return [.. expired.Take(options.MaxPartitions)];
    }

    // Null: nothing is stored there, or it is not known when it was made.
    private static async ValueTask<string?> StartAsync(TableState state, string partition, PartitionTtlStrategy strategy, CancellationToken cancellationToken)
    {
        var slices = await state.View.GetSlicesAsync(partition, cancellationToken: cancellationToken);
        if (slices.Count == 0)
        {
            return null;
        }

        if (strategy == PartitionTtlStrategy.KeepByTime)
        {
            return slices.SelectMany(s => s.Logs.Select(l => l.Instant).Append(s.BaseInstant)).Max(StringComparer.Ordinal);
        }

        var path = ObjectPath.Join(partition, PartitionMetadata.FileName);
        if (await state.Store.GetInfoAsync(path, cancellationToken) is null)
        {
            return null;
        }

        var lines = Encoding.Latin1.GetString((await state.Store.ReadAsync(path, cancellationToken)).Span).Split('\n', StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(l => l.StartsWith(CreationTime, StringComparison.Ordinal))?[CreationTime.Length..];
    }
}
