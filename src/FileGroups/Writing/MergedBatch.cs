using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A batch of stored rows and, once it is known, which rows take their places.</summary>
/// <param name="read">As read; disposed with this.</param>
/// <param name="stored">In the table's columns; disposed with this.</param>
internal sealed class MergedBatch(RecordBatch read, RecordBatch stored) : IDisposable
{
    private IReadOnlyList<RecordBatch> sources = [stored];
    private int[]? source;
    private int[]? row;

    public RecordBatch Stored => stored;

    /// <summary>Rows that are left.</summary>
    public int Length { get; private set; } = stored.Length;

    /// <summary>Row i of the result is row <c>row[i]</c> of <c>sources[source[i]]</c>.</summary>
    public void Replace(IReadOnlyList<RecordBatch> from, int[] fromSource, int[] fromRow, int length)
    {
        sources = from;
        source = fromSource;
        row = fromRow;
        Length = length;
    }

    /// <summary>The rows that result, of some of the columns; valid until this is disposed.</summary>
    public RecordBatch Gather(IReadOnlyList<int> columns)
    {
        var chosen = sources.Select(s => columns.Count == s.ColumnCount ? s : Select(s, columns)).ToList();
        return source is null ? chosen[0] : Kernels.Interleave(chosen, source.AsSpan(0, Length), row.AsSpan(0, Length));
    }

    public void Dispose()
    {
        stored.Dispose();
        read.Dispose();
    }

    private static RecordBatch Select(RecordBatch batch, IReadOnlyList<int> columns) =>
        new(new Schema([.. columns.Select(batch.Schema.GetFieldByIndex)], null), columns.Select(batch.Column), batch.Length);
}
