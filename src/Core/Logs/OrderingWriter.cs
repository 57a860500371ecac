using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Logs;

/// <summary>Writes ordering values into delete records in the branches that Hudi's own writers choose, so that its readers compare like with like.</summary>
internal sealed class OrderingWriter
{
    /// <summary>HoodieDeleteRecord.avsc gives DecimalWrapper so many digits.</summary>
    private const int DecimalPrecision = 30;

    private readonly ArrayData[] _columns;

    public OrderingWriter(IReadOnlyList<IArrowArray> columns)
    {
        _columns = [.. columns.Select(c => c.Data.Dictionary is null ? c.Data : Kernels.Decode(c.Data))];
        foreach (var column in _columns)
        {
            BranchOf(column.DataType);
        }
    }

    public void Write(AvroOutput output, int row)
    {
        if (System.Array.TrueForAll(_columns, c => ArrayValue.IsNull(c, row)))
        {
            // Hudi's "no ordering value" is the int 0.
            output.WriteLong((int)OrderingBranch.Int);
            output.WriteLong(0);
        }
        else if (_columns.Length == 1)
        {
            WriteValue(output, _columns[0], row);
        }
        else
        {
            output.WriteLong((int)OrderingBranch.Array);
            output.WriteLong(1);
            output.WriteLong(_columns.Length);
            foreach (var column in _columns)
            {
                WriteValue(output, column, row);
            }

            output.WriteLong(0);
        }
    }

    /// <summary>
    /// Dates as ints and times as longs: the values that Hudi has for such columns in rows. Its own branches for them give objects of other classes, which it does not compare
    /// with those of rows, so that the delete would always win.
    /// </summary>
    private static OrderingBranch BranchOf(IArrowType type) => type switch
    {
        BooleanType => OrderingBranch.Boolean,
        Int32Type or Date32Type or Time32Type => OrderingBranch.Int,
        Int64Type or Time64Type or TimestampType => OrderingBranch.Long,
        FloatType => OrderingBranch.Float,
        DoubleType => OrderingBranch.Double,
        BinaryType => OrderingBranch.Bytes,
        StringType => OrderingBranch.String,
        Decimal128Type => OrderingBranch.Decimal,
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"Deletes cannot be ordered by a column of the type {ArrowTypes.Text(type)}", remedy: "Order the table by a number, text, date or timestamp"),
    };

    private static void WriteValue(AvroOutput output, ArrayData column, int row)
    {
        if (ArrayValue.IsNull(column, row))
        {
            output.WriteLong((int)OrderingBranch.Null);
            return;
        }

        var branch = BranchOf(column.DataType);
        output.WriteLong((int)branch);
        switch (branch)
        {
            case OrderingBranch.Boolean:
                output.WriteByte(Bits.Get(column.Buffers[1].Span, column.Offset + row) ? (byte)1 : (byte)0);
                break;
            case OrderingBranch.Int:
                output.WriteLong(ArrayValue.Fixed<int>(column, row));
                break;
            case OrderingBranch.Long:
                output.WriteLong(ArrayValue.Fixed<long>(column, row));
                break;
            case OrderingBranch.Float:
                output.WriteFloat(ArrayValue.Fixed<float>(column, row));
                break;
            case OrderingBranch.Double:
                output.WriteDouble(ArrayValue.Fixed<double>(column, row));
                break;
            case OrderingBranch.Decimal:
                output.WriteBytes(Decimal(column, row));
                break;
            default:
                output.WriteBytes(ArrayValue.Bytes(column, row));
                break;
        }
    }

    private static byte[] Decimal(ArrayData column, int row)
    {
        int scale = ((Decimal128Type)column.DataType).Scale;
        var value = (BigInteger)ArrayValue.Decimal128(column, row);
        var rest = BigInteger.Zero;
        value = scale <= OrderingValue.DecimalScale
            ? value * BigInteger.Pow(10, OrderingValue.DecimalScale - scale)
            : BigInteger.DivRem(value, BigInteger.Pow(10, scale - OrderingValue.DecimalScale), out rest);
        if (!rest.IsZero || BigInteger.Abs(value) >= BigInteger.Pow(10, DecimalPrecision))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"A delete's ordering value in a column of the type {ArrowTypes.Text(column.DataType)} does not fit Hudi's form of it, decimal(30,15)", remedy: "Delete by key instead");
        }

        return value.ToByteArray(isBigEndian: true);
    }
}
