using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The smallest and the largest record key of a file, in the order of their UTF-8 bytes.</summary>
internal sealed class KeyRange
{
    private byte[]? min;
    private byte[]? max;

    public bool IsEmpty => min is null;

    public ReadOnlySpan<byte> Min => min;

    public ReadOnlySpan<byte> Max => max;

    public void Add(ReadOnlySpan<byte> key)
    {
        if (min is null || key.SequenceCompareTo(min) < 0)
        {
            min = key.ToArray();
        }

        if (max is null || key.SequenceCompareTo(max) > 0)
        {
            max = key.ToArray();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddAll(StringArray keys)
    {
        var values = new Utf8Values(keys);
        if (values.Length == 0)
        {
            return;
        }

        var least = values[0];
        var greatest = least;
        for (var i = 1; i < values.Length; i++)
        {
            var key = values[i];
            if (key.SequenceCompareTo(greatest) > 0)
            {
                greatest = key;
            }
            else if (key.SequenceCompareTo(least) < 0)
            {
                least = key;
            }
        }

        Add(least);
        Add(greatest);
    }

    /// <summary>Whether one of the keys may be among rows whose keys are bounded so; without bounds it may.</summary>
    public bool MightMeet(ColumnRange? rows) =>
        !IsEmpty
        && (rows?.Min is not { Kind: StatisticValue.Kinds.Text, Bytes: var least } || Max.SequenceCompareTo(least.Span) >= 0)
        && (rows?.Max is not { Kind: StatisticValue.Kinds.Text, Bytes: var greatest } || Min.SequenceCompareTo(greatest.Span) <= 0);

    public void Add(KeyRange other)
    {
        if (!other.IsEmpty)
        {
            Add(other.Min);
            Add(other.Max);
        }
    }
}
