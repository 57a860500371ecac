using Apache.Arrow;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary><c>--limit</c> for rows that are not limited where they are read.</summary>
internal static class BatchLimit
{
    public static async IAsyncEnumerable<RecordBatch> First(IAsyncEnumerable<RecordBatch> batches, long? limit)
    {
        var left = limit ?? long.MaxValue;
        if (left == 0)
        {
            yield break;
        }

        await foreach (var batch in batches)
        {
            if (batch.Length >= left)
            {
                yield return batch.Length == left ? batch : batch.Slice(0, (int)left);
                yield break;
            }

            left -= batch.Length;
            yield return batch;
        }
    }
}
