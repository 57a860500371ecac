using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Converts one array, whose buffers all start at its first row, to another type. What it returns may share buffers with its input (counted): both are disposed.</summary>
internal delegate ArrayData ArrayCast(ArrayData data);

/// <summary>Works out, once for a column, how its arrays become the wanted type.</summary>
internal static class Cast
{
    /// <summary>The conversion, or null where the array can be passed on as it is.</summary>
    /// <exception cref="LakehouseException">There is none under these rules.</exception>
    public static ArrayCast? Create(IArrowType from, IArrowType to, AvroType? avro, string column, CastRules rules)
    {
        if (from is DictionaryType dictionary)
        {
            var inner = Create(dictionary.ValueType, to, avro, column, rules);
            return data => inner is null ? Kernels.Decode(data) : inner(Kernels.Decode(data));
        }

        if (from is not NestedType && ArrowTypes.Identical(from, to))
        {
            return null;
        }

        var cast = (from, to) switch
        {
            (StructType f, StructType t) => StructCast.Create(f, t, avro, column, rules),
            (MapType f, MapType t) => MapCast(f, t, avro, column, rules),
            (ListType or LargeListType or FixedSizeListType, ListType t) => ListCast.Create((NestedType)from, t, avro, column, rules),
            (NullType, _) => data => Kernels.Nulls(to, data.Length).Data,
            _ => TextCasts.Create(from, to, rules)
                ?? NumberCasts.Create(from, to, column, rules)
                ?? DecimalCasts.Create(from, to, column, rules)
                ?? TimeCasts.Create(from, to, column, rules)
                ?? throw rules.Mismatch(column, from, to),
        };

        // Items of lists have many names ("item", "array", "element"): the result has those of the wanted type.
        return cast is null && !ArrowTypes.Identical(from, to) ? data => Relabel(data, to) : cast;
    }

    /// <summary>The conversion of arrays that may be slices, with a check that a column that must not be null is not.</summary>
    public static ArrayCast? Create(Field from, Field to, AvroType? avro, string column, CastRules rules)
    {
        var cast = Create(from.DataType, to.DataType, avro, column, rules);

        // A file's schema is enforced by its format; what a caller's schema says about nulls need not be so.
        if (to.IsNullable || (!from.IsNullable && !rules.IsInput))
        {
            return cast is null ? null : data => cast(Unsliced(data));
        }

        return data =>
        {
            int row = Kernels.IndexOfNull(ArrowArrayFactory.BuildArray(data));
            return row >= 0 ? throw rules.Value(column, row, "must not be null, but is") : cast is null ? data.Retain() : cast(Unsliced(data));
        };
    }

    /// <summary>An array with buffers that all start at its first row, also in its children: what conversions expect.</summary>
    private static ArrayData Unsliced(ArrayData data) => IsSliced(data) ? Kernels.Compact(ArrowArrayFactory.BuildArray(data)).Data : data;

    /// <summary>The same buffers under another type of the same layout.</summary>
    public static ArrayData Relabel(ArrayData data, IArrowType type)
    {
        static ArrayData Label(ArrayData data, IArrowType type) => new(
            type, data.Length, data.NullCount, data.Offset, data.Buffers,
            type is NestedType nested ? [.. data.Children.Select((child, i) => Label(child, nested.Fields[i].DataType))] : data.Children, data.Dictionary);

        return Label(data.Retain(), type);
    }

    private static bool IsSliced(ArrayData data) => data.Offset != 0 || (data.Children is not null && System.Array.Exists(data.Children, IsSliced));

    private static ArrayCast? MapCast(MapType from, MapType to, AvroType? avro, string column, CastRules rules)
    {
        var key = Create(from.KeyField.DataType, to.KeyField.DataType, null, $"{column}.key", rules);
        var value = Create(from.ValueField, to.ValueField, avro?.Items, $"{column}.value", rules);
        if (key is null && value is null)
        {
            return null;
        }

        return data =>
        {
            var entries = data.Children[0];
            var children = new[] { key is null ? entries.Children[0].Retain() : key(entries.Children[0]), value is null ? entries.Children[1].Retain() : value(entries.Children[1]) };
            var converted = new ArrayData(to.KeyValueType, entries.Length, 0, 0, [ArrowBuffer.Empty], children);
            return new ArrayData(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), data.Buffers[1].Retain()], [converted]);
        };
    }
}
