using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>
/// Grows one Arrow column value by value and hands it out as an array. Arrow's own builders have none for structs, box on some types and cannot be used again without
/// giving up their memory; these keep their scratch from one batch to the next and copy once into native memory.
/// </summary>
internal abstract class ColumnBuilder
{
    // Holds bits only once a null was seen (bit i = value i is there): most columns of most batches have none.
    private byte[] _validity = [];

    protected ColumnBuilder(IArrowType type) => Type = type;

    public IArrowType Type { get; }

    /// <summary>Values appended since the last <see cref="Finish"/>, nulls included.</summary>
    public int Length { get; private set; }

    public int NullCount { get; private set; }

    /// <summary>Appends a null. Where the column is declared without nulls (a child of a null struct) the bit says null all the same and the value is zero or empty.</summary>
    public void AppendNull()
    {
        AppendEmpty();
        if (NullCount == 0)
        {
            GrowValidity();
            var whole = (Length + 1) >> 3;
            _validity.AsSpan(0, whole).Fill(0xFF);
            _validity.AsSpan(whole).Clear();
            for (int i = whole << 3; i < Length; i++)
            {
                _validity[i >> 3] |= (byte)(1 << (i & 7));
            }
        }
        else
        {
            GrowValidity();
        }

        _validity[Length >> 3] &= (byte)~(1 << (Length & 7));
        NullCount++;
        Length++;
    }

    /// <summary>Appends the value that stands for "nothing" without marking it null: zero, empty, false, a struct of such.</summary>
    public void AppendDefault()
    {
        AppendEmpty();
        MarkValid();
    }

    /// <summary>What was appended as an array; the builder is empty afterwards and can be used again.</summary>
    public IArrowArray Build() => ArrowArrayFactory.BuildArray(Finish());

    /// <summary>What was appended as array data; the builder is empty afterwards and can be used again.</summary>
    public ArrayData Finish()
    {
        var validity = NullCount == 0 ? ArrowBuffer.Empty : NativeBuffers.Copy(_validity.AsSpan(0, (Length + 7) >> 3));
        var data = FinishValues(validity);
        Length = 0;
        NullCount = 0;
        return data;
    }

    /// <summary>Writes the zero or empty value at <see cref="Length"/>, without counting it.</summary>
    protected abstract void AppendEmpty();

    protected abstract ArrayData FinishValues(ArrowBuffer validity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void MarkValid()
    {
        if (NullCount != 0)
        {
            SetValid();
        }

        Length++;
    }

    private void SetValid()
    {
        GrowValidity();
        _validity[Length >> 3] |= (byte)(1 << (Length & 7));
    }

    private void GrowValidity()
    {
        if (Length >> 3 >= _validity.Length)
        {
            System.Array.Resize(ref _validity, Math.Max(256, _validity.Length * 2 > Length >> 3 ? _validity.Length * 2 : (Length >> 3) + 256));
        }
        else if ((Length & 7) == 0)
        {
            _validity[Length >> 3] = 0;
        }
    }
}
