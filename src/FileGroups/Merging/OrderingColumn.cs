using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>An ordering field's values in one batch, compared as Hudi compares them (org.apache.hudi.common.util.OrderingValues and the values' own compareTo).</summary>
internal abstract partial class OrderingColumn
{
    private readonly IArrowArray array;

    private OrderingColumn(IArrowArray array) => this.array = array;

    public bool HasNulls => array.NullCount != 0;

    public static OrderingColumn Of(IArrowArray array, string name) => array switch
    {
        Int8Array a => Number<sbyte>(a),
        Int16Array a => Number<short>(a),
        Int32Array a => Number<int>(a),
        Int64Array a => Number<long>(a),
        Date32Array a => Number<int>(a),
        Time32Array a => Number<int>(a),
        Time64Array a => Number<long>(a),
        TimestampArray a => Number<long>(a),
        FloatArray a => new Typed<FloatArray>(a, Floats),
        DoubleArray a => new Typed<DoubleArray>(a, Doubles),
        BooleanArray a => new Typed<BooleanArray>(a, Booleans),
        StringArray a => new Typed<StringArray>(a, Strings),
        Decimal128Array a => new Typed<Decimal128Array>(a, Decimals),
        BinaryArray a => new Typed<BinaryArray>(a, Bytes),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The ordering column '{name}' of type {array.Data.DataType.Name} has no order",
            remedy: "Order by a number, text, date, time or timestamp"),
    };

    /// <summary>MySQL's binlog positions, <c>file.position</c> (MySqlDebeziumAvroPayload.isCurrentSeqLatest).</summary>
    public static OrderingColumn OfBinlog(IArrowArray array, string name) => array is StringArray texts
        ? new Typed<StringArray>(texts, (l, i, r, j) => BinlogPosition.Parse(l.GetBytes(i), name).CompareTo(BinlogPosition.Parse(r.GetBytes(j), name)))
        : throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The ordering column '{name}' of type {array.Data.DataType.Name} holds no binlog positions", remedy: "Use a string column");

    public bool IsNull(int row) => array.IsNull(row);

    /// <summary>Compares two values that are not null. Both columns must be of one type: rows are brought to the table's schema before they are merged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Compare(int row, OrderingColumn other, int otherRow)
    {
        if (!ReferenceEquals(array.Data.DataType, other.array.Data.DataType) && !SameType(array.Data.DataType, other.array.Data.DataType))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"An ordering value of type {array.Data.DataType.Name} cannot be compared with one of type {other.array.Data.DataType.Name}",
                remedy: "Give the column the table's type");
        }

        return CompareSame(row, other, otherRow);
    }

    protected abstract int CompareSame(int row, OrderingColumn other, int otherRow);

    private static bool SameType(IArrowType left, IArrowType right) => (left, right) switch
    {
        (TimestampType l, TimestampType r) => l.Unit == r.Unit,
        (TimeBasedType l, TimeBasedType r) => l.TypeId == r.TypeId && l.Unit == r.Unit,
        (Decimal128Type l, Decimal128Type r) => l.Scale == r.Scale,
        _ => left.TypeId == right.TypeId,
    };
}
