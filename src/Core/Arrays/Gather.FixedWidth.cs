using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <content>Numbers, dates, times, decimals and fixed-size binary.</content>
internal static partial class Gather
{
    private static ArrayData FixedWidth(ArrayData[] sources, RowRuns rows, int width)
    {
        var values = Buffers.Allocate((long)rows.Length * width);
        using (var pinned = new PinnedSources(sources, 1, width * 8L))
        {
            switch (width)
            {
                case 1:
                    Copy<byte>(pinned, rows, values);
                    break;
                case 2:
                    Copy<ushort>(pinned, rows, values);
                    break;
                case 4:
                    Copy<uint>(pinned, rows, values);
                    break;
                case 8:
                    Copy<ulong>(pinned, rows, values);
                    break;
                case 16:
                    Copy<Vector128<byte>>(pinned, rows, values);
                    break;
                default:
                    Copy(pinned, rows, values, width);
                    break;
            }
        }

        return Result(sources[0], rows, Nulls(sources, rows), [Buffers.ToArrow(values)]);
    }

    private static unsafe void Copy<T>(PinnedSources sources, RowRuns rows, byte[] target)
        where T : unmanaged
    {
        fixed (byte* start = target)
        {
            T* to = (T*)start;
            foreach (ref readonly var run in rows.Runs)
            {
                if (run.Start < 0)
                {
                    new Span<T>(to, run.Length).Clear();
                }
                else if (run.Length == 1)
                {
                    Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<T>((T*)sources[run.Source] + run.Start));
                }
                else
                {
                    new ReadOnlySpan<T>((T*)sources[run.Source] + run.Start, run.Length).CopyTo(new Span<T>(to, run.Length));
                }

                to += run.Length;
            }
        }
    }

    private static unsafe void Copy(PinnedSources sources, RowRuns rows, byte[] target, int width)
    {
        var to = target.AsSpan();
        foreach (ref readonly var run in rows.Runs)
        {
            int bytes = run.Length * width;
            if (run.Start < 0)
            {
                to[..bytes].Clear();
            }
            else
            {
                new ReadOnlySpan<byte>(sources[run.Source] + ((long)run.Start * width), bytes).CopyTo(to);
            }

            to = to[bytes..];
        }
    }
}
