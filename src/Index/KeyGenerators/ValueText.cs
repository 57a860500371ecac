using System.Buffers.Text;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// The text of a column's values in keys and partition paths: Java's toString of the Avro value (HoodieAvroUtils.getNestedFieldValAsString). Of Hudi's two paths, which differ for
/// timestamps, this is the Avro one, that of insert, upsert and delete; our bulk insert follows it too, so that an upsert finds the rows that a bulk insert wrote.
/// </summary>
internal abstract class ValueText
{
    protected byte[] Scratch { get; } = new byte[96];

    /// <summary>The text of a value that is not null, valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Get(int row);

    public static ValueText Of(IArrowArray array, string column, bool timestampsAsText) => array switch
    {
        StringArray a => new Binary(a),
        BinaryArray a => new Binary(a),
        Int32Array a => new Number(row => a.Values[row]),
        Int64Array a => new Number(row => a.Values[row]),
        Int16Array a => new Number(row => a.Values[row]),
        Int8Array a => new Number(row => a.Values[row]),
        Time32Array a => new Number(row => a.Values[row]),
        Time64Array a => new Number(row => a.Values[row]),
        DoubleArray a => new Text(row => JavaText.Of(a.Values[row])),
        FloatArray a => new Text(row => JavaText.Of(a.Values[row])),
        BooleanArray a => new Flag(a),
        Date32Array a => new Text(row => JavaText.OfDate(a.Values[row])),
        TimestampArray a when timestampsAsText => new Text(row => JavaText.OfTimestamp(Milliseconds(a.Values[row], ((TimestampType)a.Data.DataType).Unit))),
        TimestampArray a => new Number(row => a.Values[row]),
        Decimal128Array a => new Text(row => JavaText.OfDecimal(a.GetString(row)!, a.Scale)),
        Decimal256Array a => new Text(row => JavaText.OfDecimal(a.GetString(row)!, a.Scale)),
        _ => throw Refused(array, column),
    };

    /// <summary>A timestamp in milliseconds, cut towards zero as java.util.concurrent.TimeUnit does.</summary>
    public static long Milliseconds(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => value * 1000,
        TimeUnit.Millisecond => value,
        TimeUnit.Microsecond => value / 1000,
        _ => value / 1_000_000,
    };

    private static LakehouseException Refused(IArrowArray array, string column) =>
        new(LakehouseErrorKind.Unsupported, $"Column '{column}' of type {array.Data.DataType.Name} cannot be part of a record key or partition path", remedy: "Use a column of a primitive type");

    private sealed class Binary(BinaryArray array) : ValueText
    {
        public override ReadOnlySpan<byte> Get(int row) => array.GetBytes(row);
    }

    private sealed class Number(Func<int, long> value) : ValueText
    {
        public override ReadOnlySpan<byte> Get(int row)
        {
            Utf8Formatter.TryFormat(value(row), Scratch, out int written);
            return Scratch.AsSpan(0, written);
        }
    }

    private sealed class Flag(BooleanArray array) : ValueText
    {
        public override ReadOnlySpan<byte> Get(int row) => array.GetValue(row)!.Value ? "true"u8 : "false"u8;
    }

    private sealed class Text(Func<int, string> value) : ValueText
    {
        public override ReadOnlySpan<byte> Get(int row) => Scratch.AsSpan(0, Encoding.UTF8.GetBytes(value(row), Scratch));
    }
}
