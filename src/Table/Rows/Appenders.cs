using System.Collections;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Rows;

/// <summary>Finds the appender for a C# type and a column.</summary>
internal static class Appenders
{
    /// <summary>An <see cref="Appender{T}"/> of <paramref name="type"/>.</summary>
    public static object Create(Type type, Field field, ColumnBuilder builder, string where) =>
        Calls.Generic(typeof(Appenders), nameof(Create), type, field, builder, where);

    public static Appender<T> Create<T>(Field field, ColumnBuilder builder, string where)
    {
        if (Nullable.GetUnderlyingType(typeof(T)) is { } inner)
        {
            var made = typeof(NullableAppender<>).MakeGenericType(inner);
            return (Appender<T>)Activator.CreateInstance(made, where, Create(inner, field, builder, where), builder, field.IsNullable)!;
        }

        return typeof(T).IsValueType
            ? new ValueAppender<T>(where, (Value<T>(field, builder, where) ?? throw RowErrors.Mismatch(typeof(T), field.DataType, where)))
            : (Appender<T>)Calls.Generic(typeof(Appenders), nameof(Reference), typeof(T), field, builder, where);
    }

    private static ReferenceAppender<T> Reference<T>(Field field, ColumnBuilder builder, string where)
        where T : class =>
        new(where, (Action<T>)(ReferenceAction(typeof(T), field, builder, where) ?? throw RowErrors.Mismatch(typeof(T), field.DataType, where)), builder, field.IsNullable);

    private static Func<T, bool>? Value<T>(Field field, ColumnBuilder builder, string where)
    {
        if (typeof(T).IsEnum)
        {
            return builder is BytesBuilder { Type: StringType } text ? EnumAppender<T>(text) : null;
        }

        if (typeof(T) == typeof(bool) && builder is BooleanBuilder booleans)
        {
            return (Func<T, bool>)(object)(Func<bool, bool>)(v =>
            {
                booleans.Append(v);
                return true;
            });
        }

        if (typeof(T) == typeof(Guid))
        {
            return GuidAppender(builder) as Func<T, bool>;
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>) && builder is BytesBuilder { Type: BinaryType } bytes)
        {
            return (Func<T, bool>)(object)(Func<ReadOnlyMemory<byte>, bool>)(v =>
            {
                bytes.Append(v.Span);
                return true;
            });
        }

        if (builder is StructBuilder record && RecordShape.IsRecord(typeof(T)))
        {
            var append = RecordAppender.Create<T>(((StructType)record.Type).Fields, record.Fields, where);
            return v =>
            {
                append(v);
                record.Append();
                return true;
            };
        }

        return NumberAppenders.Create<T>(builder) ?? TemporalAppenders.Create(typeof(T), builder) as Func<T, bool>;
    }

    private static Delegate? ReferenceAction(Type type, Field field, ColumnBuilder builder, string where)
    {
        if (type == typeof(string))
        {
            return builder is BytesBuilder { Type: StringType } text ? (Action<string>)(v => AppendText(text, v)) : null;
        }

        if (type == typeof(byte[]))
        {
            return builder switch
            {
                BytesBuilder { Type: BinaryType } b => (Action<byte[]>)(v => b.Append(v)),
                FixedBytesBuilder { Type: not (Decimal128Type or Decimal256Type) } f => (Action<byte[]>)(v => f.Append(v.Length == f.ByteWidth ? v : throw RowErrors.OutOfRange($"{v.Length} bytes", $"a column of {f.ByteWidth} bytes", where))),
                _ => null,
            };
        }

        if (builder is ListBuilder { Type: MapType map } entries)
        {
            return Sequences.MapValue(type) is { } value ? (Delegate)Calls.Generic(typeof(Appenders), nameof(MapAction), value, map, entries, where) : null;
        }

        if (builder is ListBuilder { Type: ListType list } elements)
        {
            return Sequences.Element(type) is { } element ? (Delegate)Calls.Generic(typeof(Appenders), nameof(ListAction), element, list, elements, where) : null;
        }

        return builder is StructBuilder record && RecordShape.IsRecord(type) ? (Delegate)Calls.Generic(typeof(Appenders), nameof(StructAction), type, record, where) : null;
    }

    private static Delegate ListAction<T>(ListType type, ListBuilder builder, string where)
    {
        var elements = Create<T>(type.ValueField, builder.Elements, where + "[]");
        void Append(IEnumerable<T> values)
        {
            foreach (var value in values)
            {
                elements.Append(value);
            }

            builder.Append();
        }

        return (Action<IEnumerable<T>>)Append; // an Action of any list of T by contravariance
    }

    private static Delegate MapAction<T>(MapType type, ListBuilder builder, string where)
    {
        var entries = (StructBuilder)builder.Elements;
        var keys = Create<string>(type.KeyField, entries.Fields[0], where + " key");
        var items = Create<T>(type.ValueField, entries.Fields[1], where + "[]");
        void Append(IEnumerable<KeyValuePair<string, T>> values)
        {
            foreach (var (key, value) in values)
            {
                keys.Append(key);
                items.Append(value);
                entries.Append();
            }

            builder.Append();
        }

        return (Action<IEnumerable<KeyValuePair<string, T>>>)Append;
    }

    private static Action<T> StructAction<T>(StructBuilder builder, string where)
    {
        var append = RecordAppender.Create<T>(((StructType)builder.Type).Fields, builder.Fields, where);
        return v =>
        {
            append(v);
            builder.Append();
        };
    }

    private static Func<T, bool> EnumAppender<T>(BytesBuilder builder)
    {
        var names = new Dictionary<ValueTuple<T>, byte[]>();
        foreach (var value in (T[])Enum.GetValues(typeof(T)))
        {
            names.TryAdd(new(value), Encoding.UTF8.GetBytes(value!.ToString()!));
        }

        return v =>
        {
            builder.Append(names.TryGetValue(new(v), out var name) ? name : Encoding.UTF8.GetBytes(v!.ToString()!));
            return true;
        };
    }

    private static Func<Guid, bool>? GuidAppender(ColumnBuilder builder) => builder switch
    {
        BytesBuilder { Type: StringType } text => v =>
        {
            v.TryFormat(text.Reserve(36), out var written, "D");
            text.Commit(written);
            return true;
        },
        FixedBytesBuilder { ByteWidth: 16, Type: not Decimal128Type } bytes => v =>
        {
            Span<byte> raw = stackalloc byte[16];
            v.TryWriteBytes(raw, bigEndian: true, out _);
            bytes.Append(raw);
            return true;
        },
        _ => null,
    };

    private static void AppendText(BytesBuilder builder, string value)
    {
        var room = builder.Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        builder.Commit(Encoding.UTF8.GetBytes(value, room));
    }
}
