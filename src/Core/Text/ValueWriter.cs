using System.Text.Json;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>Writes the values of one Arrow column as text. Bound to a batch's array once, then asked row by row.</summary>
internal abstract class ValueWriter
{
    /// <summary>Bytes that a scalar's text needs at most, other than strings and binary.</summary>
    public const int ScratchBytes = 128;

    private IArrowArray? _array;

    public bool IsNull(int row) => _array!.IsNull(row);

    public virtual void Bind(IArrowArray array)
    {
        _array = array;
        BindValues(array);
    }

    /// <summary>Writes the value of a row, null included.</summary>
    public void Write(Utf8JsonWriter json, int row)
    {
        if (IsNull(row))
        {
            json.WriteNullValue();
        }
        else
        {
            WriteValue(json, row);
        }
    }

    /// <summary>A value that is not null as plain text, as CSV has it. The result lives until the next call.</summary>
    public abstract ReadOnlySpan<byte> Text(int row);

    protected abstract void BindValues(IArrowArray array);

    protected abstract void WriteValue(Utf8JsonWriter json, int row);
}
