using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Integers, floats, dates, times and timestamps: whatever Arrow stores as one little-endian value of fixed width.</summary>
internal sealed class FixedWidthBuilder<T>(IArrowType type) : ColumnBuilder(type)
    where T : unmanaged
{
    private T[] _values = new T[1024];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T value)
    {
        if (Length == _values.Length)
        {
            System.Array.Resize(ref _values, _values.Length * 2);
        }

        _values[Length] = value;
        MarkValid();
    }

    protected override void AppendEmpty()
    {
        if (Length == _values.Length)
        {
            System.Array.Resize(ref _values, _values.Length * 2);
        }

        _values[Length] = default;
    }

    protected override ArrayData FinishValues(ArrowBuffer validity) =>
        new(Type, Length, NullCount, 0, [validity, NativeBuffers.Copy<T>(_values.AsSpan(0, Length))]);
}
