using Apache.Arrow;

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

    public void AddAll(StringArray keys)
    {
        int least = -1, greatest = -1;
        for (var i = 0; i < keys.Length; i++)
        {
            least = least < 0 || keys.GetBytes(i).SequenceCompareTo(keys.GetBytes(least)) < 0 ? i : least;
            greatest = greatest < 0 || keys.GetBytes(i).SequenceCompareTo(keys.GetBytes(greatest)) > 0 ? i : greatest;
        }

        if (least >= 0)
        {
            Add(keys.GetBytes(least));
            Add(keys.GetBytes(greatest));
        }
    }

    public void Add(KeyRange other)
    {
        if (!other.IsEmpty)
        {
            Add(other.Min);
            Add(other.Max);
        }
    }
}
