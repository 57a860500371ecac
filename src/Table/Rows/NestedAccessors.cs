using Apache.Arrow;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Lists, as an array or a <see cref="List{T}"/>.</summary>
internal sealed class ListAccessor<TElement, TList>(string where, Accessor<TElement> elements, bool asArray) : Accessor<TList?>(where)
    where TList : class
{
    private ListArray _lists = null!;

    public override TList? Get(int row)
    {
        if (IsNull(row))
        {
            return null;
        }

        var (start, length) = (_lists.ValueOffsets[row], _lists.GetValueLength(row));
        var values = new TElement[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = elements.Get(start + i);
        }

        return asArray ? (TList)(object)values : (TList)(object)new List<TElement>(values);
    }

    protected override void BindValues(IArrowArray array)
    {
        _lists = (ListArray)array;
        elements.Bind(_lists.Values);
    }
}

/// <summary>Maps with text keys, as a <see cref="Dictionary{TKey, TValue}"/>; of a key stored twice the last value counts.</summary>
internal sealed class MapAccessor<TValue, TMap>(string where, Accessor<string> keys, Accessor<TValue> values) : Accessor<TMap?>(where)
    where TMap : class
{
    private MapArray _maps = null!;

    public override TMap? Get(int row)
    {
        if (IsNull(row))
        {
            return null;
        }

        var (start, length) = (_maps.ValueOffsets[row], _maps.GetValueLength(row));
        var map = new Dictionary<string, TValue>(length, StringComparer.Ordinal);
        for (int i = start; i < start + length; i++)
        {
            map[keys.Get(i)] = values.Get(i);
        }

        return (TMap)(object)map;
    }

    protected override void BindValues(IArrowArray array)
    {
        _maps = (MapArray)array;
        keys.Bind(_maps.Keys);
        values.Bind(_maps.Values);
    }
}

/// <summary>A struct as a C# object.</summary>
internal sealed class StructAccessor<T>(string where, RecordReader<T> reader) : Accessor<T>(where)
{
    public override T Get(int row) => !IsNull(row) ? reader.Read(row) : default(T) is null ? default! : throw RowErrors.NullRead(typeof(T), Where);

    protected override void BindValues(IArrowArray array) => reader.Bind(((StructArray)array).Fields);
}

/// <summary>A struct as a dictionary of its fields' natural values, for readers that know no types.</summary>
internal sealed class StructDictionaryAccessor(string where, string[] names, Accessor[] fields) : Accessor<Dictionary<string, object?>?>(where)
{
    public override Dictionary<string, object?>? Get(int row)
    {
        if (IsNull(row))
        {
            return null;
        }

        var values = new Dictionary<string, object?>(names.Length, StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            values[names[i]] = fields[i].Box(row);
        }

        return values;
    }

    protected override void BindValues(IArrowArray array)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].Bind(((StructArray)array).Fields[i]);
        }
    }
}
