using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Services;

/// <summary>Makes one key of bytes for each row, by whose order rows are sorted: nulls come first, as Spark sorts them; a NaN is the greatest number.</summary>
internal abstract class SortKeys
{
    /// <summary>Null where rows are not sorted.</summary>
    /// <param name="columns">The columns to sort by.</param>
    /// <param name="layout">How.</param>
    /// <param name="table">The table's schema.</param>
    public static SortKeys? Create(IReadOnlyList<string> columns, ClusteringLayout layout, TableSchema table)
    {
        foreach (var column in columns)
        {
            var type = table.ArrowWithMeta.FieldsList.FirstOrDefault(f => f.Name == column)?.DataType
                ?? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table has no column '{column}' to sort by", remedy: "Name one of its top columns");
            if (type is NestedType)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column '{column}' cannot be sorted by: it is a {type.Name}", remedy: "Sort by columns of numbers, times, text or bytes");
            }
        }

        return columns.Count == 0 ? null
            : layout == ClusteringLayout.Linear || columns.Count == 1 ? new LinearKeys(columns)
            : new CurveKeys(columns, layout == ClusteringLayout.Hilbert);
    }

    /// <summary>The keys of a batch's rows.</summary>
    public abstract BinaryArray Of(RecordBatch rows);

    /// <summary>A number of 64 bits that sorts as a value does, by what of it fits in.</summary>
    protected static ulong Word(IArrowArray column, int row) => column switch
    {
        BooleanArray a => a.GetValue(row)!.Value ? 1UL : 0UL,
        Int8Array a => Flip(a.GetValue(row)!.Value),
        Int16Array a => Flip(a.GetValue(row)!.Value),
        Int32Array a => Flip(a.GetValue(row)!.Value),
        Int64Array a => Flip(a.GetValue(row)!.Value),
        Date32Array a => Flip(a.Values[row]),
        Time32Array a => Flip(a.Values[row]),
        Time64Array a => Flip(a.Values[row]),
        TimestampArray a => Flip(a.Values[row]),
        FloatArray a => Bits(a.GetValue(row)!.Value),
        DoubleArray a => Bits(a.GetValue(row)!.Value),
        Decimal128Array a => High(a.ValueBuffer.Span.Slice((a.Offset + row) * 16, 16)),
        BinaryArray a => Lead(a.GetBytes(row)),
        FixedSizeBinaryArray a => Lead(a.GetBytes(row)),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Values of {column.Data.DataType.Name} cannot be sorted by", remedy: "Sort by other columns"),
    };

    private static ulong Flip(long value) => (ulong)value ^ (1UL << 63);

    private static ulong Bits(double value)
    {
        // 0 and -0 are one value, and so are all NaNs.
        var bits = double.IsNaN(value) ? 0x7FF8_0000_0000_0000 : BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63);
    }

    // Of 128 bits the 64 that the digits of most columns are in; what is larger counts as the largest.
    private static ulong High(ReadOnlySpan<byte> value) => Flip((long)Int128.Clamp(BinaryPrimitives.ReadInt128LittleEndian(value), long.MinValue, long.MaxValue));

    private static ulong Lead(ReadOnlySpan<byte> value)
    {
        Span<byte> lead = stackalloc byte[8];
        lead.Clear();
        value[..Math.Min(8, value.Length)].CopyTo(lead);
        return BinaryPrimitives.ReadUInt64BigEndian(lead);
    }
}
