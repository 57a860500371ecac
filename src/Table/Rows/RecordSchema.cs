using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Rows;

/// <summary>
/// The columns that a C# type asks for. Value types are columns without nulls, nullable ones with; reference types as they are annotated. Enums and Guids are text; DateTime and
/// DateTimeOffset are timestamps in microseconds, UTC; decimal is decimal(38,18) unless <c>[Column(TypeName = "decimal(12,2)")]</c> says otherwise.
/// </summary>
internal static class RecordSchema
{
    public static Schema Infer<T>() => new(Fields(typeof(T), []), null);

    /// <summary>A column's type from a C# type; null: there is none.</summary>
    public static IArrowType? Scalar(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum || type == typeof(string) || type == typeof(Guid) => StringType.Default,
        TypeCode.Boolean => BooleanType.Default,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => Int32Type.Default,
        TypeCode.UInt32 or TypeCode.Int64 => Int64Type.Default,
        TypeCode.UInt64 => new Decimal128Type(20, 0),
        TypeCode.Single => FloatType.Default,
        TypeCode.Double => DoubleType.Default,
        TypeCode.Decimal => new Decimal128Type(38, 18),
        TypeCode.DateTime => new TimestampType(TimeUnit.Microsecond, "UTC"),
        _ when type == typeof(DateTimeOffset) => new TimestampType(TimeUnit.Microsecond, "UTC"),
        _ when type == typeof(DateOnly) => Date32Type.Default,
        _ when type == typeof(TimeOnly) || type == typeof(TimeSpan) => new Time64Type(TimeUnit.Microsecond),
        _ when type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) => BinaryType.Default,
        _ when type == typeof(System.Numerics.BigInteger) => new Decimal128Type(38, 0),
        _ => null,
    };

    private static IEnumerable<Field> Fields(Type type, HashSet<Type> around)
    {
        var shape = RecordShape.Of(type);
        if (shape.Properties.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{RowErrors.Describe(type)} has no public properties that could be columns", remedy: "Give rows as a class or record with a property for each column");
        }

        if (!around.Add(type))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{RowErrors.Describe(type)} holds itself: a table's columns have no end then", remedy: "Leave the property out with [NotMapped]");
        }

        var context = new NullabilityInfoContext();
        var fields = shape.Properties.Select(p => Field(RecordShape.ColumnName(p), context.Create(p), shape.Where(p), p.GetCustomAttribute<ColumnAttribute>()?.TypeName, around)).ToList();
        around.Remove(type);
        return fields;
    }

    private static Field Field(string name, NullabilityInfo info, string where, string? typeName, HashSet<Type> around)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        var nullable = info.ReadState != NullabilityState.NotNull;
        var column = (typeName is null ? null : Declared(typeName, where)) ?? Scalar(type);
        if (column is null && Sequences.MapValue(type) is not null)
        {
            column = new MapType(new Field("key", StringType.Default, false), Field("value", info.GenericTypeArguments[1], where, null, around));
        }
        else if (column is null && Sequences.Element(type) is not null)
        {
            column = new ListType(Field("element", info.ElementType ?? info.GenericTypeArguments[0], where, null, around));
        }
        else if (column is null && RecordShape.IsRecord(type))
        {
            column = new StructType([.. Fields(type, around)]);
        }

        return new Field(name, column ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{where}: {RowErrors.Describe(info.Type)} has no column type", remedy: "Leave the property out with [NotMapped]"), nullable);
    }

    private static IArrowType Declared(string typeName, string where)
    {
        try
        {
            return Schemas.TableSchema.FromDdl($"c {typeName}", "t").Arrow.GetFieldByIndex(0).DataType;
        }
        catch (LakehouseException e)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{where}: the column type \"{typeName}\" is not understood", inner: e);
        }
    }
}
