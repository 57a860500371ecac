using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Text (UTF-8) and binary of any length.</summary>
internal sealed class BytesBuilder(IArrowType type) : ColumnBuilder(type)
{
    private int[] _offsets = new int[1024];
    private byte[] _bytes = new byte[4096];
    private int _end;

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Commit(value.Length);
    }

    /// <param name="value">The value.</param>
    /// <param name="readable">How many bytes may be read from where it begins: short values are copied in one go with what follows them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> value, int readable)
    {
        int size = Vector256<byte>.Count;
        if (value.Length <= size && readable >= size && _bytes.Length - _end >= size)
        {
            Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(value)).StoreUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _end));
            Commit(value.Length);
        }
        else
        {
            Append(value);
        }
    }

    /// <summary>Room for a value of at most <paramref name="size"/> bytes; followed by <see cref="Commit"/> with what was used.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _end < size)
        {
            var wanted = (long)_end + size;
            if (wanted > System.Array.MaxLength)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, "One batch holds more than 2 GiB of text or binary in a column", remedy: "Give smaller batches");
            }

            System.Array.Resize(ref _bytes, (int)Math.Min(System.Array.MaxLength, Math.Max(wanted, _bytes.Length * 2L)));
        }

        return _bytes.AsSpan(_end, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit(int used)
    {
        _end += used;
        AppendEmpty();
        MarkValid();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected override void AppendEmpty()
    {
        if (Length + 1 >= _offsets.Length)
        {
            System.Array.Resize(ref _offsets, _offsets.Length * 2);
        }

        _offsets[Length + 1] = _end;
    }

    protected override ArrayData FinishValues(ArrowBuffer validity)
    {
        var data = new ArrayData(Type, Length, NullCount, 0, [validity, NativeBuffers.Copy<int>(_offsets.AsSpan(0, Length + 1)), NativeBuffers.Copy(_bytes.AsSpan(0, _end))]);
        _end = 0;
        return data;
    }
}
