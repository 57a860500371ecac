using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Gathers the changes of one batch of stored rows, for the change data log.</summary>
internal sealed class ChangeCollector(ChangeDataWriter writer, Schema row)
{
    private readonly List<int> stored = [];
    private readonly List<IncomingRows> sources = [];
    private readonly List<int> source = [];
    private readonly List<int> incoming = [];
    private readonly List<bool> stays = [];

    /// <param name="at">The stored row, in its batch.</param>
    /// <param name="rows">The incoming rows, one of which changes it.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="deletes">Whether it is deleted.</param>
    public void Add(int at, IncomingRows rows, int which, bool deletes)
    {
        if (sources.Count == 0 || sources[^1] != rows)
        {
            sources.Add(rows);
        }

        stored.Add(at);
        source.Add(sources.Count - 1);
        incoming.Add(which);
        stays.Add(!deletes);
    }

    /// <summary>Logs what was added, once the whole batch of stored rows has been looked at.</summary>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        if (stored.Count == 0)
        {
            return;
        }

        var (from, which) = (source.ToArray(), incoming.ToArray());
        var keys = (StringArray)Kernels.Interleave([.. sources.Select(s => (IArrowArray)s.Keys)], from, which);
        var before = !writer.KeepsBefore ? null : Kernels.Take(new RecordBatch(row, row.FieldsList.Select(f => batch.Column(f.Name)), batch.Length), stored.ToArray());

        // Keys to delete come without the other columns.
        var after = writer.KeepsAfter && stays.Contains(true) ? Kernels.Interleave([.. sources.Select(s => s.Data)], from, which) : null;
        var rows = writer.Rows.Changes(keys, [.. stays], before, after);
        stored.Clear();
        sources.Clear();
        source.Clear();
        incoming.Clear();
        stays.Clear();
        await writer.AddAsync(rows, cancellationToken);
    }
}
