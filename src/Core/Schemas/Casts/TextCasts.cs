using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Schemas.Casts;

/// <summary>Text and binary of any layout, and the text that Hudi makes of values whose column became a string (HoodieAvroUtils.rewritePrimaryTypeWithDiffSchemaType).</summary>
internal static class TextCasts
{
    public static ArrayCast? Create(IArrowType from, IArrowType to, CastRules rules) => (from, to) switch
    {
        (LargeStringType, StringType) or (LargeBinaryType, BinaryType) => data => Narrow(data, to),
        (StringViewType, StringType) => data => ValueMap.Text(data, to, (d, row) => new StringViewArray(d).GetBytes(row).ToArray()),
        (BinaryViewType, BinaryType) => data => ValueMap.Text(data, to, (d, row) => new BinaryViewArray(d).GetBytes(row).ToArray()),
        _ when rules.IsInput => null,
        (BinaryType, StringType) or (StringType, BinaryType) => data => Cast.Relabel(data, to),
        (Int8Type, StringType) => Text<sbyte>(to),
        (Int16Type, StringType) => Text<short>(to),
        (Int32Type, StringType) => Text<int>(to),
        (Int64Type, StringType) => Text<long>(to),
        (FloatType, StringType) => data => ValueMap.Text(data, to, (d, row) => JavaText.Of(ArrayValue.Fixed<float>(d, row))),
        (DoubleType, StringType) => data => ValueMap.Text(data, to, (d, row) => JavaText.Of(ArrayValue.Fixed<double>(d, row))),
        (BooleanType, StringType) => data => ValueMap.Text(data, to, (d, row) => Bits.Get(d.Buffers[1].Span, row) ? "true" : "false"),
        (Date32Type, StringType) => data => ValueMap.Text(data, to, (d, row) => JavaText.Date(ArrayValue.Fixed<int>(d, row))),
        (Decimal128Type f, StringType) => data => ValueMap.Text(data, to, (d, row) => JavaText.Of(ArrayValue.Decimal128(d, row), f.Scale)),
        _ => null,
    };

    private static ArrayCast Text<T>(IArrowType to)
        where T : unmanaged => data => ValueMap.Text(data, to, (d, row) => ArrayValue.Fixed<T>(d, row).ToString()!);

    private static ArrayData Narrow(ArrayData data, IArrowType to) =>
        new(to, data.Length, data.NullCount, 0, [data.Buffers[0].Retain(), Buffers.ToArrow(ListCast.Narrow(data)), data.Buffers[2].Retain()], []);
}
