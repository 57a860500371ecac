using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Reading;

/// <summary>The rows that some keys have in one state of a file slice.</summary>
internal sealed class RowImages : IDisposable
{
    private readonly List<RecordBatch> batches = [];
    private readonly int[] sources;
    private readonly int[] rows;
    private readonly int first;

    private RowImages(int first, int count)
    {
        this.first = first;
        sources = new int[count];
        rows = new int[count];
        sources.AsSpan().Fill(-1);
    }

    public IReadOnlyList<RecordBatch> Batches => batches;

    /// <summary>Finds the rows of the keys from a number on.</summary>
    /// <param name="slice">The rows of a slice, with the meta columns; each batch is disposed. Null: no slice, no rows.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="first">Number of the first key looked for.</param>
    /// <param name="count">How many are.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<RowImages> FindAsync(IAsyncEnumerable<RecordBatch>? slice, KeyMap keys, int first, int count, CancellationToken cancellationToken)
    {
        var images = new RowImages(first, count);
        if (slice is not null)
        {
            await foreach (var batch in slice.WithCancellation(cancellationToken))
            {
                using (batch)
                {
                    images.Take(batch, keys);
                }
            }
        }

        return images;
    }

    /// <summary>Where the row of a key is: the number of its batch (negative: there is none) and of its row there.</summary>
    public (int Source, int Row) this[int key] => (sources[key - first], rows[key - first]);

    /// <summary>Whether two states have the same row: it was written by the same commit and holds the same.</summary>
    public static bool AreSame(RowImages left, RowImages right, int key)
    {
        var (leftSource, leftRow) = left[key];
        var (rightSource, rightRow) = right[key];
        var (a, b) = (left.batches[leftSource], right.batches[rightSource]);
        for (var column = 0; column < a.ColumnCount; column++)
        {
            if (a.Schema.FieldsList[column].Name != MetaColumns.FileName && !Kernels.Equal(a.Column(column), leftRow, b.Column(column), rightRow))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => batches.ForEach(b => b.Dispose());

    private void Take(RecordBatch batch, KeyMap keys)
    {
        var found = new int[batch.Length];
        if (keys.FindAll((StringArray)batch.Column(batch.Schema.GetFieldIndex(MetaColumns.RecordKey)), found) == 0)
        {
            return;
        }

        var taken = new List<int>();
        for (var row = 0; row < found.Length; row++)
        {
            if (found[row] >= first && found[row] < first + sources.Length)
            {
                sources[found[row] - first] = batches.Count;
                rows[found[row] - first] = taken.Count;
                taken.Add(row);
            }
        }

        if (taken.Count > 0)
        {
            batches.Add(Kernels.Take(batch, taken.ToArray()));
        }
    }
}
