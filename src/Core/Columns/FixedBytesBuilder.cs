using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Fixed-size binary and decimals.</summary>
internal sealed class FixedBytesBuilder(FixedSizeBinaryType type) : ColumnBuilder(type)
{
    private byte[] _bytes = new byte[Math.Max(1, type.ByteWidth) * 256];

    public int ByteWidth { get; } = type.ByteWidth;

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Next());
        MarkValid();
    }

    protected override void AppendEmpty() => Next().Clear();

    protected override ArrayData FinishValues(ArrowBuffer validity) =>
        new(Type, Length, NullCount, 0, [validity, NativeBuffers.Copy(_bytes.AsSpan(0, Length * ByteWidth))]);

    private Span<byte> Next()
    {
        var start = Length * ByteWidth;
        if (start + ByteWidth > _bytes.Length)
        {
            System.Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        return _bytes.AsSpan(start, ByteWidth);
    }
}
