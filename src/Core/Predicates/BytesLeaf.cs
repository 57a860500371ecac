using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;

namespace OllaLab.Lakehouse.Filtering;

/// <summary>A condition on text or binary, compared byte by byte without sign. Statistics may be cut bounds: they are used as bounds only.</summary>
internal abstract class BytesLeaf(ColumnPath path, bool text) : BoundLeaf(path)
{
    protected override void EvaluateValues(IArrowArray array, Span<byte> results)
    {
        if (array is BinaryArray variable)
        {
            var offsets = variable.ValueOffsets;
            var bytes = variable.Values;
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = Holds(bytes[offsets[i]..offsets[i + 1]]) ? True : False;
            }
        }
        else
        {
            var data = (FixedSizeBinaryArray)array;
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = !data.IsNull(i) && Holds(data.GetBytes(i)) ? True : False;
            }
        }
    }

    protected override Possible Within(ColumnRange range) => Within(Bytes(range.Min), Bytes(range.Max));

    protected abstract bool Holds(ReadOnlySpan<byte> value);

    protected abstract Possible Within(ReadOnlyMemory<byte>? min, ReadOnlyMemory<byte>? max);

    // What a file stores in another type and is read as text (numbers, UUIDs) has another order there.
    private ReadOnlyMemory<byte>? Bytes(StatisticValue? value) =>
        value is { } v && (v.Kind == StatisticValue.Kinds.Text || (!text && v.Kind == StatisticValue.Kinds.Bytes)) ? v.Bytes : default(ReadOnlyMemory<byte>?);
}

internal sealed class BytesComparisonLeaf(ColumnPath path, bool text, ComparisonOperator comparison, byte[] value) : BytesLeaf(path, text)
{
    protected override bool Holds(ReadOnlySpan<byte> given) => comparison switch
    {
        ComparisonOperator.Equal => given.SequenceEqual(value),
        ComparisonOperator.NotEqual => !given.SequenceEqual(value),
        ComparisonOperator.Less => given.SequenceCompareTo(value) < 0,
        ComparisonOperator.LessOrEqual => given.SequenceCompareTo(value) <= 0,
        ComparisonOperator.Greater => given.SequenceCompareTo(value) > 0,
        _ => given.SequenceCompareTo(value) >= 0,
    };

    protected override Possible Within(ReadOnlyMemory<byte>? min, ReadOnlyMemory<byte>? max)
    {
        // The order is carried over to numbers around 0, the literal's place.
        int? low = min is { } a ? Math.Sign(a.Span.SequenceCompareTo(value)) : null;
        int? high = max is { } b ? Math.Sign(b.Span.SequenceCompareTo(value)) : null;
        return new Condition<int>(comparison, 0).Within(low, high, mayHoldNaN: false);
    }
}

internal sealed class BytesInLeaf(ColumnPath path, bool text, byte[][] values) : BytesLeaf(path, text)
{
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _set = new HashSet<byte[]>(values, ByteComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    protected override bool Holds(ReadOnlySpan<byte> given) => _set.Contains(given);

    protected override Possible Within(ReadOnlyMemory<byte>? min, ReadOnlyMemory<byte>? max)
    {
        var any = values.Any(v => !(min is { } low && low.Span.SequenceCompareTo(v) > 0) && !(max is { } high && high.Span.SequenceCompareTo(v) < 0));
        return Possible.False | (any ? Possible.True : Possible.None);
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] value) => GetHashCode(value.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

internal sealed class PrefixLeaf(ColumnPath path, byte[] prefix) : BytesLeaf(path, text: true)
{
    protected override bool Holds(ReadOnlySpan<byte> given) => given.StartsWith(prefix);

    protected override Possible Within(ReadOnlyMemory<byte>? min, ReadOnlyMemory<byte>? max)
    {
        var below = max is { } high && high.Span.SequenceCompareTo(prefix) < 0;
        var above = min is { } low && low.Span[..Math.Min(low.Length, prefix.Length)].SequenceCompareTo(prefix) > 0;
        return Possible.False | (below || above ? Possible.None : Possible.True);
    }
}
