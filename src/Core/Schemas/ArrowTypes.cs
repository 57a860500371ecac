using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>What Apache.Arrow's types lack: equality and a text for messages.</summary>
internal static class ArrowTypes
{
    /// <summary>
    /// Whether arrays of both types have the same buffers with the same meaning. Names and nullability of list items and map entries do not matter, names of struct fields do.
    /// UTC has several spellings.
    /// </summary>
    public static bool Same(IArrowType a, IArrowType b)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        if (a.TypeId != b.TypeId)
        {
            return false;
        }

        return (a, b) switch
        {
            (Decimal32Type x, Decimal32Type y) => x.Precision == y.Precision && x.Scale == y.Scale,
            (Decimal64Type x, Decimal64Type y) => x.Precision == y.Precision && x.Scale == y.Scale,
            (Decimal128Type x, Decimal128Type y) => x.Precision == y.Precision && x.Scale == y.Scale,
            (Decimal256Type x, Decimal256Type y) => x.Precision == y.Precision && x.Scale == y.Scale,
            (FixedSizeBinaryType x, FixedSizeBinaryType y) => x.ByteWidth == y.ByteWidth,
            (TimestampType x, TimestampType y) => x.Unit == y.Unit && SameZone(x.Timezone, y.Timezone),
            (Time32Type x, Time32Type y) => x.Unit == y.Unit,
            (Time64Type x, Time64Type y) => x.Unit == y.Unit,
            (DurationType x, DurationType y) => x.Unit == y.Unit,
            (IntervalType x, IntervalType y) => x.Unit == y.Unit,
            (ListType x, ListType y) => Same(x.ValueDataType, y.ValueDataType),
            (LargeListType x, LargeListType y) => Same(x.ValueDataType, y.ValueDataType),
            (FixedSizeListType x, FixedSizeListType y) => x.ListSize == y.ListSize && Same(x.ValueDataType, y.ValueDataType),
            (MapType x, MapType y) => Same(x.KeyField.DataType, y.KeyField.DataType) && Same(x.ValueField.DataType, y.ValueField.DataType),
            (StructType x, StructType y) => SameFields(x, y),
            (DictionaryType x, DictionaryType y) => Same(x.IndexType, y.IndexType) && Same(x.ValueType, y.ValueType),
            (UnionType, _) => false,
            _ => true,
        };
    }

    /// <summary>Whether two types are the same in every name and nullability too.</summary>
    public static bool Identical(IArrowType a, IArrowType b)
    {
        if (a is not NestedType x || b is not NestedType y)
        {
            return Same(a, b) && (a as TimestampType)?.Timezone == (b as TimestampType)?.Timezone;
        }

        return ReferenceEquals(a, b) || (Same(a, b) && x.Fields.Zip(y.Fields).All(f => Identical(f.First, f.Second)));
    }

    /// <summary>Whether two fields are the same in name, type and nullability.</summary>
    public static bool Identical(Apache.Arrow.Field a, Apache.Arrow.Field b) => a.Name == b.Name && a.IsNullable == b.IsNullable && Identical(a.DataType, b.DataType);

    public static bool IsUtc(string? zone) => zone is "UTC" or "utc" or "Z" or "+00:00" or "-00:00" or "GMT" or "Etc/UTC";

    /// <summary>A short text such as <c>list&lt;decimal(10,2)&gt;</c>.</summary>
    public static string Text(IArrowType type) => type switch
    {
        DictionaryType d => $"dictionary<{Text(d.ValueType)}>",
        Decimal128Type d => $"decimal({d.Precision},{d.Scale})",
        Decimal256Type d => $"decimal256({d.Precision},{d.Scale})",
        FixedSizeBinaryType f => $"fixed({f.ByteWidth})",
        TimestampType { Timezone: null } t => $"timestamp({t.Unit.ToString().ToLowerInvariant()}, no time zone)",
        TimestampType t => $"timestamp({t.Unit.ToString().ToLowerInvariant()}, {t.Timezone})",
        Time32Type t => $"time({t.Unit.ToString().ToLowerInvariant()})",
        Time64Type t => $"time({t.Unit.ToString().ToLowerInvariant()})",
        ListType l => $"list<{Text(l.ValueDataType)}>",
        LargeListType l => $"large_list<{Text(l.ValueDataType)}>",
        MapType m => $"map<{Text(m.KeyField.DataType)},{Text(m.ValueField.DataType)}>",
        StructType s => $"struct<{string.Join(',', s.Fields.Select(f => $"{f.Name}:{Text(f.DataType)}"))}>",
        _ => type.Name,
    };

    private static bool SameZone(string? a, string? b) => a == b || (IsUtc(a) && IsUtc(b));

    private static bool SameFields(StructType x, StructType y)
    {
        if (x.Fields.Count != y.Fields.Count)
        {
            return false;
        }

        for (int i = 0; i < x.Fields.Count; i++)
        {
            if (x.Fields[i].Name != y.Fields[i].Name || !Same(x.Fields[i].DataType, y.Fields[i].DataType))
            {
                return false;
            }
        }

        return true;
    }
}
