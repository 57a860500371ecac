using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Rows whose key a global index found in another partition (HoodieIndexUtils.mergeForPartitionUpdatesIfNeeded): merged with the stored row first. Where the stored row stays, nothing happens;
/// else it is deleted, and the incoming row is new in its own partition.
/// </summary>
internal sealed class MovingRows(WritePlan plan, IReadOnlyList<StagedBatch> unit, KeyMerge merged)
{
    private readonly List<(FileSlice Slice, int Key, long Position)> found = [];

    public void Add(FileSlice slice, int key, long position) => found.Add((slice, key, position));

    /// <summary>The stored rows that go.</summary>
    /// <param name="stay">Keys whose stored rows stay.</param>
    public IEnumerable<(FileSlice Slice, int Key, long Position)> Leaving(IReadOnlySet<int> stay) => found.Where(f => !stay.Contains(f.Key));

    /// <summary>The keys whose stored row stays, since the incoming one does not take its place.</summary>
    public async ValueTask<IReadOnlySet<int>> StayAsync(CancellationToken cancellationToken)
    {
        var stay = new HashSet<int>();
        if (plan.Rule.OrderingColumns.Count == 0)
        {
            return stay;
        }

        foreach (var slice in found.GroupBy(f => f.Slice))
        {
            await CompareAsync(slice.Key, slice.ToDictionary(f => f.Position, f => f.Key), stay, cancellationToken);
        }

        return stay;
    }

    private async ValueTask CompareAsync(FileSlice slice, Dictionary<long, int> keys, HashSet<int> stay, CancellationToken cancellationToken)
    {
        var wanted = keys.Values.ToHashSet();
        IEnumerable<string> columns = [MetaColumns.RecordKey, .. plan.Rule.OrderingColumns];
        var numbers = new int[WritePlan.BatchRows];
        var bound = new MergeRows?[unit.Count];
        await foreach (var batch in plan.Stored.ReadAsync(slice, columns, cancellationToken))
        {
            using (batch)
            {
                numbers = numbers.Length < batch.Length ? new int[batch.Length] : numbers;
                merged.Keys.FindAll((StringArray)batch.Column(0), numbers);
                var stored = plan.Rule.BindStored(batch);
                for (var row = 0; row < batch.Length; row++)
                {
                    if (numbers[row] >= 0 && wanted.Contains(numbers[row]))
                    {
                        var incoming = merged.Batch[numbers[row]];
                        if (!plan.Rule.Replaces(bound[incoming] ??= plan.Rule.Bind(unit[incoming].Data, requireOrdering: false), merged.Row[numbers[row]], stored, row))
                        {
                            stay.Add(numbers[row]);
                        }
                    }
                }
            }
        }
    }
}
