using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Numbers distinct values and, behind them, distinct path segments: several values may share one (null, "" and __HIVE_DEFAULT_PARTITION__). No text is made for a value seen before.</summary>
internal sealed class SegmentCodes
{
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> byValue = new Dictionary<byte[], int>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    private readonly Dictionary<string, int> bySegment = new(StringComparer.Ordinal);
    private readonly List<string> segments = [];
    private byte[] last = [];
    private int lastCode = -1;

    public string[] Segments => [.. segments];

    public bool TryGet(ReadOnlySpan<byte> value, out int code)
    {
        // Neighbouring rows often share a partition.
        if (lastCode >= 0 && value.SequenceEqual(last))
        {
            code = lastCode;
            return true;
        }

        if (!byValue.TryGetValue(value, out byte[]? kept, out code))
        {
            return false;
        }

        last = kept;
        lastCode = code;
        return true;
    }

    public int Add(ReadOnlySpan<byte> value, string segment)
    {
        int code = Segment(segment);
        byValue[value] = code;
        return code;
    }

    public int Segment(string segment)
    {
        if (!bySegment.TryGetValue(segment, out int code))
        {
            code = segments.Count;
            segments.Add(segment);
            bySegment.Add(segment, code);
        }

        return code;
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] value) => GetHashCode(value.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
