using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

internal sealed class BooleanBuilder() : ColumnBuilder(BooleanType.Default)
{
    private byte[] _bits = new byte[256];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(bool value)
    {
        AppendEmpty();
        if (value)
        {
            _bits[Length >> 3] |= (byte)(1 << (Length & 7));
        }

        MarkValid();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected override void AppendEmpty()
    {
        if (Length >> 3 == _bits.Length)
        {
            System.Array.Resize(ref _bits, _bits.Length * 2);
        }

        if ((Length & 7) == 0)
        {
            _bits[Length >> 3] = 0;
        }
    }

    protected override ArrayData FinishValues(ArrowBuffer validity) =>
        new(Type, Length, NullCount, 0, [validity, NativeBuffers.Copy(_bits.AsSpan(0, (Length + 7) >> 3))]);
}
