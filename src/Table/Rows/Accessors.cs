using System.Text;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Finds the accessor for a C# type and a column.</summary>
internal static class Accessors
{
    /// <summary>An <see cref="Accessor{T}"/> of <paramref name="type"/>.</summary>
    public static Accessor Create(Type type, IArrowType column, string where) => (Accessor)Calls.Generic(typeof(Accessors), nameof(Make), type, column, where);

    public static Accessor<T> Create<T>(IArrowType column, string where) => Make<T>(column, where);

    private static Accessor<T> Make<T>(IArrowType column, string where)
    {
        if (column is DictionaryType dictionary)
        {
            return new DictionaryAccessor<T>(where, Make<T>(dictionary.ValueType, where));
        }

        if (typeof(T) == typeof(object))
        {
            return (Accessor<T>)(object)new BoxAccessor(where, Create(NaturalTypes.Of(column), column, where));
        }

        if (Nullable.GetUnderlyingType(typeof(T)) is { } inner)
        {
            return (Accessor<T>)Activator.CreateInstance(typeof(NullableAccessor<>).MakeGenericType(inner), where, Create(inner, column, where))!;
        }

        var made = typeof(T).IsEnum ? column is StringType ? Calls.Generic(typeof(Accessors), nameof(Enumeration), typeof(T), where) : null
            : Scalar(typeof(T), column, where) ?? NumberAccessors.Create<T>(column, where) ?? TemporalAccessors.Create(typeof(T), column, where) ?? Nested(typeof(T), column, where);
        return made as Accessor<T> ?? throw RowErrors.Mismatch(typeof(T), column, where);
    }

    private static object? Scalar(Type type, IArrowType column, string where) => column switch
    {
        BooleanType when type == typeof(bool) => new FunctionAccessor<BooleanArray, bool>(where, (a, i) => a.GetValue(i)!.Value),
        StringType when type == typeof(string) => new ReferenceAccessor<StringArray, string>(where, (a, i) => a.GetString(i)),
        StringType when type == typeof(Guid) => new FunctionAccessor<StringArray, Guid>(where, (a, i) => Guid.TryParse(a.GetString(i), out var g) ? g : throw RowErrors.OutOfRange(a.GetString(i), "Guid", where)),
        BinaryType when type == typeof(byte[]) => new ReferenceAccessor<BinaryArray, byte[]>(where, (a, i) => a.GetBytes(i).ToArray()),
        BinaryType when type == typeof(ReadOnlyMemory<byte>) => new FunctionAccessor<BinaryArray, ReadOnlyMemory<byte>>(where, (a, i) => a.GetBytes(i).ToArray()),
        Decimal128Type or Decimal256Type => null,
        FixedSizeBinaryType when type == typeof(byte[]) => new ReferenceAccessor<FixedSizeBinaryArray, byte[]>(where, (a, i) => a.GetBytes(i).ToArray()),
        FixedSizeBinaryType { ByteWidth: 16 } when type == typeof(Guid) => new FunctionAccessor<FixedSizeBinaryArray, Guid>(where, (a, i) => new Guid(a.GetBytes(i), bigEndian: true)),
        _ => null,
    };

    private static object? Nested(Type type, IArrowType column, string where)
    {
        switch (column)
        {
            case MapType map when Sequences.MapValue(type) is { } value:
                return Activator.CreateInstance(typeof(MapAccessor<,>).MakeGenericType(value, type), where, Create<string>(map.KeyField.DataType, where + " key"), Create(value, map.ValueField.DataType, where + "[]"));
            case MapType: return null;
            case ListType list when Sequences.Element(type) is { } element:
                return Activator.CreateInstance(typeof(ListAccessor<,>).MakeGenericType(element, type), where, Create(element, list.ValueDataType, where + "[]"), type.IsArray);
            case StructType record when type == typeof(Dictionary<string, object?>):
                return new StructDictionaryAccessor(where, [.. record.Fields.Select(f => f.Name)], [.. record.Fields.Select(f => Create(NaturalTypes.Of(f.DataType), f.DataType, $"{where}.{f.Name}"))]);
            case StructType record when RecordShape.IsRecord(type):
                return Calls.Generic(typeof(Accessors), nameof(Struct), type, record, where);
            default: return null;
        }
    }

    private static StructAccessor<T> Struct<T>(StructType type, string where) => new(where, RecordReader<T>.Create(type.Fields, where));

    private static FunctionAccessor<StringArray, T> Enumeration<T>(string where)
        where T : struct, Enum
    {
        var known = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var name in Enum.GetNames<T>())
        {
            known[name] = Enum.Parse<T>(name);
        }

        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        return new(where, (a, i) =>
        {
            var bytes = a.GetBytes(i);
            Span<char> text = stackalloc char[256];
            if (bytes.Length <= text.Length && lookup.TryGetValue(text[..Encoding.UTF8.GetChars(bytes, text)], out var value))
            {
                return value;
            }

            return Enum.TryParse<T>(a.GetString(i), ignoreCase: true, out value) ? value : throw RowErrors.OutOfRange(a.GetString(i), RowErrors.Describe(typeof(T)), where);
        });
    }
}
