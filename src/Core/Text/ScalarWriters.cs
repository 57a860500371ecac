using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Text;

/// <summary>A scalar whose text is formatted into a scratch buffer; in JSON it stands bare (numbers) or in quotes.</summary>
internal abstract class FormattedWriter(bool quoted) : ValueWriter
{
    private readonly byte[] _scratch = new byte[ScratchBytes];

    public override ReadOnlySpan<byte> Text(int row) => _scratch.AsSpan(0, Format(row, _scratch));

    protected abstract int Format(int row, Span<byte> to);

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        if (quoted)
        {
            json.WriteStringValue(Text(row));
        }
        else
        {
            json.WriteRawValue(Text(row), skipInputValidation: true);
        }
    }
}

internal sealed class IntegerWriter<T> : FormattedWriter
    where T : unmanaged, IBinaryInteger<T>
{
    private PrimitiveArray<T> _values = null!;

    public IntegerWriter()
        : base(quoted: false)
    {
    }

    protected override void BindValues(IArrowArray array) => _values = (PrimitiveArray<T>)array;

    protected override int Format(int row, Span<byte> to)
    {
        _values.Values[row].TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }
}

/// <summary>Floats in the shortest form that reads back as the same value; NaN and infinities as strings.</summary>
internal sealed class FloatWriter<T> : FormattedWriter
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private PrimitiveArray<T> _values = null!;

    public FloatWriter()
        : base(quoted: false)
    {
    }

    protected override void BindValues(IArrowArray array) => _values = (PrimitiveArray<T>)array;

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        if (T.IsFinite(_values.Values[row]))
        {
            base.WriteValue(json, row);
        }
        else
        {
            json.WriteStringValue(Text(row));
        }
    }

    protected override int Format(int row, Span<byte> to)
    {
        var value = _values.Values[row];
        value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        if (T.IsInteger(value) && to[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            // 3 is a whole number to most readers of JSON; the column's type should show: 3.0.
            to[written++] = (byte)'.';
            to[written++] = (byte)'0';
        }

        return written;
    }
}

internal sealed class BooleanWriter : ValueWriter
{
    private BooleanArray _values = null!;

    public override ReadOnlySpan<byte> Text(int row) => _values.GetValue(row)!.Value ? "true"u8 : "false"u8;

    protected override void BindValues(IArrowArray array) => _values = (BooleanArray)array;

    protected override void WriteValue(Utf8JsonWriter json, int row) => json.WriteBooleanValue(_values.GetValue(row)!.Value);
}

internal sealed class Utf8ValueWriter : ValueWriter
{
    private BinaryArray _values = null!;

    public override ReadOnlySpan<byte> Text(int row) => _values.GetBytes(row);

    protected override void BindValues(IArrowArray array) => _values = (BinaryArray)array;

    protected override void WriteValue(Utf8JsonWriter json, int row) => json.WriteStringValue(_values.GetBytes(row));
}

/// <summary>Binary, of fixed size or not, as base64 with padding.</summary>
internal sealed class BinaryValueWriter : ValueWriter
{
    private BinaryArray? _values;
    private FixedSizeBinaryArray? _fixed;
    private byte[] _scratch = [];

    public override ReadOnlySpan<byte> Text(int row)
    {
        var bytes = Bytes(row);
        var needed = Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        if (_scratch.Length < needed)
        {
            _scratch = new byte[needed * 2];
        }

        Base64.EncodeToUtf8(bytes, _scratch, out _, out var written);
        return _scratch.AsSpan(0, written);
    }

    protected override void BindValues(IArrowArray array) => (_values, _fixed) = (array as BinaryArray, array as FixedSizeBinaryArray);

    protected override void WriteValue(Utf8JsonWriter json, int row) => json.WriteBase64StringValue(Bytes(row));

    private ReadOnlySpan<byte> Bytes(int row) => _values is not null ? _values.GetBytes(row) : _fixed!.GetBytes(row);
}

/// <summary>Decimals with all the digits of their scale.</summary>
internal sealed class DecimalWriter(int scale) : ValueWriter
{
    private readonly byte[] _scratch = new byte[64 + Math.Abs(scale)];
    private FixedSizeBinaryArray _values = null!;

    public override ReadOnlySpan<byte> Text(int row)
    {
        var bytes = _values.GetBytes(row);
        return bytes.Length == 16
            ? _scratch.AsSpan(0, DecimalText.Format(System.Buffers.Binary.BinaryPrimitives.ReadInt128LittleEndian(bytes), scale, _scratch))
            : DecimalText.Format(new BigInteger(bytes), scale);
    }

    protected override void BindValues(IArrowArray array) => _values = (FixedSizeBinaryArray)array;

    protected override void WriteValue(Utf8JsonWriter json, int row) => json.WriteRawValue(Text(row), skipInputValidation: true);
}

internal sealed class DateWriter : FormattedWriter
{
    private IArrowArray _values = null!;

    public DateWriter()
        : base(quoted: true)
    {
    }

    protected override void BindValues(IArrowArray array) => _values = array;

    protected override int Format(int row, Span<byte> to) => TemporalText.FormatDate(
        _values is Date32Array days ? days.Values[row] : FloorDays(((Date64Array)_values).Values[row]), to);

    private static long FloorDays(long millis) => (millis - (((millis % 86_400_000) + 86_400_000) % 86_400_000)) / 86_400_000;
}

internal sealed class TimeWriter(TimeUnit unit) : FormattedWriter(quoted: true)
{
    private IArrowArray _values = null!;

    protected override void BindValues(IArrowArray array) => _values = array;

    protected override int Format(int row, Span<byte> to) => TemporalText.FormatTime(_values is Time32Array t ? t.Values[row] : ((Time64Array)_values).Values[row], unit, to);
}

internal sealed class TimestampWriter(TimeUnit unit, bool utc) : FormattedWriter(quoted: true)
{
    private PrimitiveArray<long> _values = null!;

    protected override void BindValues(IArrowArray array) => _values = (PrimitiveArray<long>)array;

    protected override int Format(int row, Span<byte> to) => TemporalText.FormatTimestamp(_values.Values[row], unit, utc, to);
}
