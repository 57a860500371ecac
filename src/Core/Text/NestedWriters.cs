using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Text;

/// <summary>A value with parts; as plain text it is its JSON.</summary>
internal abstract class NestedWriter : ValueWriter
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private Utf8JsonWriter? _json;

    public override ReadOnlySpan<byte> Text(int row)
    {
        _text.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_text, ValueWriters.JsonOptions);
        _json.Reset();
        WriteValue(_json, row);
        _json.Flush();
        return _text.WrittenSpan;
    }
}

internal sealed class StructWriter(StructType type) : NestedWriter
{
    private readonly ValueWriter[] _fields = [.. type.Fields.Select(f => ValueWriters.Create(f.DataType))];
    private readonly JsonEncodedText[] _names = [.. type.Fields.Select(f => JsonEncodedText.Encode(f.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];

    protected override void BindValues(IArrowArray array)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            _fields[i].Bind(((StructArray)array).Fields[i]);
        }
    }

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        json.WriteStartObject();
        for (int i = 0; i < _fields.Length; i++)
        {
            json.WritePropertyName(_names[i]);
            _fields[i].Write(json, row);
        }

        json.WriteEndObject();
    }
}

internal sealed class ListWriter(IArrowType element) : NestedWriter
{
    private readonly ValueWriter _elements = ValueWriters.Create(element);
    private ListArray _lists = null!;

    protected override void BindValues(IArrowArray array)
    {
        _lists = (ListArray)array;
        _elements.Bind(_lists.Values);
    }

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        json.WriteStartArray();
        var offsets = _lists.ValueOffsets;
        for (int i = offsets[row]; i < offsets[row + 1]; i++)
        {
            _elements.Write(json, i);
        }

        json.WriteEndArray();
    }
}

internal sealed class MapWriter(MapType type) : NestedWriter
{
    private readonly ValueWriter _keys = ValueWriters.Create(type.KeyField.DataType);
    private readonly ValueWriter _values = ValueWriters.Create(type.ValueField.DataType);
    private MapArray _maps = null!;

    protected override void BindValues(IArrowArray array)
    {
        _maps = (MapArray)array;
        _keys.Bind(_maps.Keys);
        _values.Bind(_maps.Values);
    }

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        json.WriteStartObject();
        var offsets = _maps.ValueOffsets;
        for (int i = offsets[row]; i < offsets[row + 1]; i++)
        {
            json.WritePropertyName(_keys.Text(i));
            _values.Write(json, i);
        }

        json.WriteEndObject();
    }
}

/// <summary>Dictionary-encoded values, as Parquet readers may give them.</summary>
internal sealed class DictionaryWriter(DictionaryType type) : ValueWriter
{
    private readonly ValueWriter _values = ValueWriters.Create(type.ValueType);
    private IArrowArray _indices = null!;

    public override ReadOnlySpan<byte> Text(int row) => _values.Text(Index(row));

    protected override void BindValues(IArrowArray array)
    {
        _indices = ((DictionaryArray)array).Indices;
        _values.Bind(((DictionaryArray)array).Dictionary);
    }

    protected override void WriteValue(Utf8JsonWriter json, int row) => _values.Write(json, Index(row));

    private int Index(int row) => _indices switch
    {
        Int32Array a => a.Values[row],
        Int16Array a => a.Values[row],
        Int8Array a => a.Values[row],
        UInt8Array a => a.Values[row],
        UInt16Array a => a.Values[row],
        UInt32Array a => checked((int)a.Values[row]),
        _ => checked((int)((Int64Array)_indices).Values[row]),
    };
}
