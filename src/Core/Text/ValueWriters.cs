using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Text;

/// <summary>How each Arrow type is written as text.</summary>
internal static class ValueWriters
{
    /// <summary>Characters stay as they are (ünï, not \u00fc), as Hudi's own exports have them; only what JSON itself demands is escaped.</summary>
    public static JsonWriterOptions JsonOptions { get; } = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ValueWriter Create(IArrowType type) => type switch
    {
        BooleanType => new BooleanWriter(),
        Int8Type => new IntegerWriter<sbyte>(),
        Int16Type => new IntegerWriter<short>(),
        Int32Type => new IntegerWriter<int>(),
        Int64Type => new IntegerWriter<long>(),
        UInt8Type => new IntegerWriter<byte>(),
        UInt16Type => new IntegerWriter<ushort>(),
        UInt32Type => new IntegerWriter<uint>(),
        UInt64Type => new IntegerWriter<ulong>(),
        FloatType => new FloatWriter<float>(),
        DoubleType => new FloatWriter<double>(),
        StringType => new Utf8ValueWriter(),
        BinaryType => new BinaryValueWriter(),
        Decimal128Type d => new DecimalWriter(d.Scale),
        Decimal256Type d => new DecimalWriter(d.Scale),
        FixedSizeBinaryType => new BinaryValueWriter(),
        Date32Type or Date64Type => new DateWriter(),
        Time32Type t => new TimeWriter(t.Unit),
        Time64Type t => new TimeWriter(t.Unit),
        TimestampType t => new TimestampWriter(t.Unit, t.Timezone is not null),
        MapType m => new MapWriter(m),
        ListType l => new ListWriter(l.ValueDataType),
        StructType s => new StructWriter(s),
        DictionaryType d => new DictionaryWriter(d),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A column of type {TypeNames.Describe(type)} cannot be written as text"),
    };
}
