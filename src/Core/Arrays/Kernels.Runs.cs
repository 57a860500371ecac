using System.Numerics;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <content>From row numbers and masks to runs of rows; once for all columns of a batch.</content>
internal static partial class Kernels
{
    internal static RunBuilder RunsOf(int length, ReadOnlySpan<int> rows)
    {
        var runs = new RunBuilder(rows.Length);
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, length, nameof(rows));
            runs.Add(0, row, 1);
        }

        return runs;
    }

    internal static RunBuilder RunsOf(ReadOnlySpan<int> lengths, ReadOnlySpan<int> source, ReadOnlySpan<int> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, row.Length, nameof(row));
        var runs = new RunBuilder(row.Length);
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] < 0)
            {
                runs.Add(0, -1, 1);
                continue;
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)source[i], (uint)lengths.Length, nameof(source));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row[i], lengths[source[i]], nameof(row));
            runs.Add(source[i], row[i], 1);
        }

        return runs;
    }

    internal static RunBuilder RunsOfAll(ReadOnlySpan<int> lengths)
    {
        var runs = new RunBuilder(lengths.Length);
        for (int i = 0; i < lengths.Length; i++)
        {
            runs.Add(i, 0, lengths[i]);
        }

        return runs;
    }

    internal static RunBuilder RunsOf(BooleanArray mask, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, length, nameof(mask));
        var runs = new RunBuilder(64);
        var values = mask.ValueBuffer.Span;
        var valid = mask.NullCount == 0 ? default : mask.NullBitmapBuffer.Span;
        for (int from = 0; from < length; from += 64)
        {
            ulong word = Bits.Word(values, mask.Offset + (long)from);
            word &= valid.IsEmpty ? ulong.MaxValue : Bits.Word(valid, mask.Offset + (long)from);
            word &= length - from >= 64 ? ulong.MaxValue : (1UL << (length - from)) - 1;
            for (int at = from; word != 0;)
            {
                int zeros = BitOperations.TrailingZeroCount(word);
                word >>= zeros;
                int ones = BitOperations.TrailingZeroCount(~word);
                runs.Add(0, at + zeros, ones);
                at += zeros + ones;
                word = ones == 64 ? 0 : word >> ones;
            }
        }

        return runs;
    }
}
