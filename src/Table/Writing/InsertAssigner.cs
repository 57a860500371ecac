using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Gives each new row of a partition its target: small files first, then new file groups (UpsertPartitioner). Files that the write rewrites anyway come before the others,
/// then the smallest, so that few files are rewritten. A file with logs stays as it is until it is compacted, and so does one that a compaction or clustering is planned for.
/// </summary>
internal sealed class InsertAssigner
{
    private readonly Queue<(FileSlice Slice, long Room)> small = new();
    private readonly WriteTargets targets;
    private readonly string partitionPath;
    private WriteTarget? current;
    private long room;

    private InsertAssigner(WriteTargets targets, string partitionPath)
    {
        this.targets = targets;
        this.partitionPath = partitionPath;
    }

    /// <param name="targets">The write's targets; those hit so far are preferred.</param>
    /// <param name="partitionPath">The partition.</param>
    /// <param name="slices">Its latest slices.</param>
    /// <param name="bytesPerRow">Size of one more row in a base file, from its row groups; at least 1.</param>
    /// <param name="limit">Files below this size are small; 0: none is.</param>
    /// <param name="maximum">Size that a file may reach.</param>
    /// <param name="most">How many small files of a partition are filled in one write.</param>
    public static async ValueTask<InsertAssigner> CreateAsync(
        WriteTargets targets, string partitionPath, IReadOnlyList<FileSlice> slices, Func<BaseFile, ValueTask<double>> bytesPerRow, long limit, long maximum, int most)
    {
        var assigner = new InsertAssigner(targets, partitionPath);
        var candidates = slices.Where(s => s is { Base: not null, Logs: [], PendingCompaction: null } && targets.IsOpen(s) && s.Base.Length < Math.Min(limit, maximum)).OrderBy(s => targets.Contains(s) ? 0 : 1).ThenBy(s => s.Base!.Length).ThenBy(s => s.FileId, StringComparer.Ordinal).Take(most);
        foreach (var slice in candidates)
        {
            var rowsThatFit = (long)((maximum - slice.Base!.Length) / await bytesPerRow(slice.Base));
            if (rowsThatFit > 0)
            {
                assigner.small.Enqueue((slice, rowsThatFit));
            }
        }

        return assigner;
    }

    public WriteTarget Next()
    {
        if (room == 0)
        {
            if (small.TryDequeue(out var next))
            {
                current = targets.For(next.Slice);
                room = next.Room;
            }
            else
            {
                current = targets.ForNewGroups(partitionPath);
                room = long.MaxValue;
            }
        }

        room--;
        current!.Inserts++;
        return current;
    }
}
