using Apache.Arrow;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>The texts of a column as bytes, its buffers looked up once: for loops over rows. Nulls read as empty.</summary>
internal readonly ref struct Utf8Values(StringArray column)
{
    private readonly ReadOnlySpan<byte> data = column.ValueBuffer.Span;
    private readonly ReadOnlySpan<int> offsets = column.ValueOffsets[..(column.Length + 1)];

    public int Length => offsets.Length - 1;

    public ReadOnlySpan<byte> this[int row] => data[offsets[row]..offsets[row + 1]];
}
