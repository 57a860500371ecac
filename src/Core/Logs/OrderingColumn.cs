using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Casts;

namespace OllaLab.Lakehouse.Logs;

/// <summary>Ordering values of deletes in the type that the ordering field has in the table, which may be a later one than the delete was written with.</summary>
internal sealed class OrderingColumn(IArrowType type)
{
    public ColumnBuilder Builder { get; } = ColumnBuilders.Create(type);

    /// <summary>The type of a column, or of a field within records.</summary>
    public static IArrowType TypeOf(TableSchema table, string field)
    {
        IReadOnlyList<Apache.Arrow.Field> fields = table.Arrow.FieldsList;
        IArrowType? type = null;
        foreach (var name in field.Split('.'))
        {
            type = fields.FirstOrDefault(f => f.Name == name)?.DataType
                ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table has no column '{field}' to order records by");
            fields = type is StructType record ? record.Fields : [];
        }

        return type!;
    }

    /// <summary>Appends the value, or null where it has no counterpart in the column's type.</summary>
    public void Append(OrderingValue value)
    {
        if (!TryAppend(value))
        {
            Builder.AppendNull();
        }
    }

    private static bool IsInteger(OrderingValue value) =>
        value.Branch is OrderingBranch.Int or OrderingBranch.Long or OrderingBranch.Date or OrderingBranch.TimeMicros or OrderingBranch.TimestampMicros;

    private bool TryAppend(OrderingValue value)
    {
        switch (Builder)
        {
            case BooleanBuilder booleans when value.Branch == OrderingBranch.Boolean:
                booleans.Append(value.Integer != 0);
                return true;
            case FixedWidthBuilder<int> ints when IsInteger(value) && value.Integer == (int)value.Integer:
                ints.Append((int)value.Integer);
                return true;
            case FixedWidthBuilder<long> longs when IsInteger(value):
                longs.Append(type is TimestampType { Unit: TimeUnit.Millisecond } && value.Branch == OrderingBranch.TimestampMicros ? Math.DivRem(value.Integer, 1000).Quotient : value.Integer);
                return true;
            case FixedWidthBuilder<float> floats when value.Branch == OrderingBranch.Float:
                floats.Append((float)value.Number);
                return true;
            case FixedWidthBuilder<double> doubles when value.Branch is OrderingBranch.Double or OrderingBranch.Float:
                doubles.Append(value.Branch == OrderingBranch.Double ? value.Number : NumberCasts.ThroughText((float)value.Number));
                return true;
            case BytesBuilder bytes when value.Branch == (type is StringType ? OrderingBranch.String : OrderingBranch.Bytes):
                bytes.Append(value.Bytes);
                return true;
            case FixedBytesBuilder decimals when type is Decimal128Type d && value.Branch == OrderingBranch.Decimal:
                return TryAppendDecimal(decimals, d, value.Unscaled);
            case FixedBytesBuilder fixedBytes when type is not Decimal128Type && value.Branch == OrderingBranch.Bytes && value.Bytes.Length == fixedBytes.ByteWidth:
                fixedBytes.Append(value.Bytes);
                return true;
            default:
                return false;
        }
    }

    private static bool TryAppendDecimal(FixedBytesBuilder builder, Decimal128Type type, BigInteger unscaled)
    {
        var rest = BigInteger.Zero;
        var value = type.Scale >= OrderingValue.DecimalScale
            ? unscaled * BigInteger.Pow(10, type.Scale - OrderingValue.DecimalScale)
            : BigInteger.DivRem(unscaled, BigInteger.Pow(10, OrderingValue.DecimalScale - type.Scale), out rest);
        if (!rest.IsZero || BigInteger.Abs(value) >= BigInteger.Pow(10, type.Precision))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, (Int128)value);
        builder.Append(bytes);
        return true;
    }
}
