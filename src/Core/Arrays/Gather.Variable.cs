using System.Numerics;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Strings, binary and lists: first the offsets (measuring), then the bytes or the items.</content>
internal static partial class Gather
{
    private static unsafe ArrayData Variable<TOffset>(ArrayData[] sources, RowRuns rows)
        where TOffset : unmanaged, IBinaryInteger<TOffset>
    {
        var offsets = Buffers.Allocate((rows.Length + 1L) * sizeof(TOffset));
        byte[] bytes;
        using (var from = new PinnedSources(sources, 1, sizeof(TOffset) * 8L, extra: 1))
        {
            // Limits are the lengths of the byte buffers: an offset past them is refused before anything is copied.
            var limits = System.Array.ConvertAll(sources, s => s.Length == 0 ? 0L : s.Buffers[2].Length);
            long total = CopyOffsets<TOffset>(sources, from, rows, offsets, limits);
            bytes = Buffers.Allocate(total);
            using var data = new PinnedSources(sources, 2, 0);
            fixed (byte* start = bytes)
            {
                byte* to = start;
                foreach (ref readonly var run in rows.Runs)
                {
                    if (run.Start < 0)
                    {
                        continue;
                    }

                    var at = (TOffset*)from[run.Source] + run.Start;
                    long begin = long.CreateTruncating(at[0]);
                    long length = long.CreateTruncating(at[run.Length]) - begin;
                    Buffer.MemoryCopy(data[run.Source] + begin, to, length, length);
                    to += length;
                }
            }
        }

        return Result(sources[0], rows, Nulls(sources, rows), [Buffers.ToArrow(offsets), Buffers.ToArrow(bytes)]);
    }

    private static unsafe ArrayData Lists<TOffset>(ArrayData[] sources, RowRuns rows)
        where TOffset : unmanaged, IBinaryInteger<TOffset>
    {
        var offsets = Buffers.Allocate((rows.Length + 1L) * sizeof(TOffset));
        var items = System.Array.ConvertAll(sources, s => s.Children[0]);
        using var runs = new RunBuilder(rows.Runs.Length);
        using (var from = new PinnedSources(sources, 1, sizeof(TOffset) * 8L, extra: 1))
        {
            CopyOffsets<TOffset>(sources, from, rows, offsets, System.Array.ConvertAll(items, i => (long)i.Length));
            foreach (ref readonly var run in rows.Runs)
            {
                if (run.Start >= 0)
                {
                    var at = (TOffset*)from[run.Source] + run.Start;
                    int begin = int.CreateTruncating(at[0]);
                    runs.Add(run.Source, begin, int.CreateTruncating(at[run.Length]) - begin);
                }
            }
        }

        return Result(sources[0], rows, Nulls(sources, rows), [Buffers.ToArrow(offsets)], [Run(items, new RowRuns(runs.Runs))]);
    }

    private static unsafe long CopyOffsets<TOffset>(ArrayData[] sources, PinnedSources from, RowRuns rows, byte[] target, long[] limits)
        where TOffset : unmanaged, IBinaryInteger<TOffset>
    {
        long total = 0;
        fixed (byte* start = target)
        {
            var to = (TOffset*)start;
            *to++ = TOffset.Zero;
            foreach (ref readonly var run in rows.Runs)
            {
                if (run.Start < 0)
                {
                    new Span<TOffset>(to, run.Length).Fill(TOffset.CreateTruncating(total));
                    to += run.Length;
                    continue;
                }

                var at = (TOffset*)from[run.Source] + run.Start;
                long begin = long.CreateTruncating(at[0]);
                long end = long.CreateTruncating(at[run.Length]);
                if (begin < 0 || end < begin || end > limits[run.Source])
                {
                    throw Corrupt.Array(sources[run.Source], "offsets outside its values");
                }

                // Arithmetic in the offset's own width: what wraps here is caught by the check of the total below.
                var shift = TOffset.CreateTruncating(total - begin);
                for (int i = 1; i <= run.Length; i++)
                {
                    *to++ = unchecked(at[i] + shift);
                }

                total += end - begin;
            }
        }

        // A list of more than 2^31 - 1 items, too, would overflow the offsets: the limit is the same.
        return total <= System.Array.MaxLength ? total : throw new LakehouseException(
            LakehouseErrorKind.InvalidInput, "One batch holds more than 2 GiB in one column", remedy: "Use batches of fewer rows");
    }
}
